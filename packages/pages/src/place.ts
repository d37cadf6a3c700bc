import { isRoomId, mainRoom } from '@voting/core';

/** What an address is about: a room, and whatever is on there, or one poll of it. */
export interface Place {
  readonly room: string;
  /** Undefined for the one that is on. */
  readonly poll: string | undefined;
}

const onInMain: Place = { room: mainRoom, poll: undefined };
const pattern = /^\/([a-z0-9-]+)(?:\/([a-z0-9-]{1,40}))?\/?(?:\?|$)/;

/** @returns undefined for an address that no room or poll can have */
export function placeOf(url = ''): Place | undefined {
  if (url === '/' || url.startsWith('/?')) return onInMain;
  const [, room = '', poll] = pattern.exec(url) ?? [];
  return isRoomId(room) ? { room, poll } : undefined;
}

/** The path of a place, after which an address ends. The main room needs no name. */
export function pathOf({ room, poll }: Place): string {
  if (poll !== undefined) return `/${room}/${poll}`;
  return room === mainRoom ? '/' : `/${room}`;
}
