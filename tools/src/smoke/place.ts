import { isPollId, isRoomId, mainRoom } from '@voting/core';
import { WrongCall } from '../program.ts';

/** The path of a room, or of a poll of it, on the pages of vote and result. @throws {WrongCall} for what can be neither */
export function pathOf({ room, poll }: { readonly room: string; readonly poll?: string }): string {
  if (!isRoomId(room)) throw new WrongCall(`--room: ${JSON.stringify(room)} is no room.`);
  if (poll !== undefined && !isPollId(poll))
    throw new WrongCall(`--poll: ${JSON.stringify(poll)} is no poll.`);
  if (poll !== undefined) return `/${room}/${poll}`;
  return room === mainRoom ? '/' : `/${room}`;
}
