/** Where an audience meets. */
export interface Room {
  /** Its code of six digits, or a name; the address of its pages. */
  readonly id: string;
  readonly title: string;
  /** The poll that is on; undefined between polls. */
  readonly on: string | undefined;
  /** Grows with each change. 0 before it was ever kept. */
  readonly revision: number;
}

/** The room whose pages are at `/`. */
export const mainRoom = 'main';

/** Words that an address of ours may begin with, now or later. */
const taken: readonly string[] = [
  'api',
  'assets',
  'favicon',
  'healthz',
  'host',
  'metrics',
  'readyz',
  'results',
  'static',
];

/** Whether a room may be called so: six digits, or a name of 2 to 40 of a–z, 0–9 and - that begins with a letter. */
export function isRoomId(text: string): boolean {
  return /^(\d{6}|[a-z][a-z0-9-]{1,39})$/.test(text) && !taken.includes(text);
}
