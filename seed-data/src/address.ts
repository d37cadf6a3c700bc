/** A room, and a poll of it; undefined for whatever is on there. */
export interface Place {
  readonly room: string;
  readonly poll: string | undefined;
}

export const mainRoom = 'main';

/** The path of a place on the pages of vote and result. */
export function pathOf({ room, poll }: Place): string {
  if (poll !== undefined) return `/${room}/${poll}`;
  return room === mainRoom ? '/' : `/${room}`;
}

/** Where a place is voted for. What is on in the main room is at the address as it is given, whoever serves it. */
export function addressOf(vote: URL, place: Place): URL {
  const path = pathOf(place);
  if (path === '/') return vote;
  const address = new URL(vote);
  address.pathname = vote.pathname.replace(/\/$/, '') + path;
  return address;
}
