import { isRoomId, mainRoom, type Place } from '@voting/core';

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
