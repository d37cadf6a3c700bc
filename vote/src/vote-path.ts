/** Whether a request is for the page with the options, which is also where votes are sent. */
export function isVotePath(url: string | undefined): boolean {
  return url === '/' || url?.startsWith('/?') === true;
}
