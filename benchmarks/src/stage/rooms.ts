import { definePoll, draftOf, type HostedPoll, mainRoom, moved } from '@voting/core';
import type { PostgresStore } from '@voting/store/postgres';

const pollsOfRoom = 10;

/** Rooms of ten polls each, so many polls in all; every so many-th is open, the others are drafts. */
export async function makeRooms(
  store: PostgresStore,
  { polls, open }: { readonly polls: number; readonly open: number },
): Promise<readonly HostedPoll[]> {
  const every = polls / open;
  const opened: HostedPoll[] = [];
  for (let number = 0; number < polls; number++) {
    const room = `room-${Math.floor(number / pollsOfRoom)}`;
    const place = number % pollsOfRoom;
    if (place === 0) {
      await store.keepRoom({ id: room, title: `Room ${room}`, on: undefined, revision: 0 });
    }
    const poll = definePoll(`poll-${number}`, `What about number ${number}?`, ['This', 'That', 'Neither']);
    const draft = draftOf(poll, room, place);
    const isOpen = Math.floor(number / every) < Math.floor((number + 1) / every);
    const kept = await store.keepPoll(isOpen ? moved(draft, 'open') : draft);
    if (isOpen) opened.push(kept);
  }
  return opened;
}

export function pathOf({ room, id }: Pick<HostedPoll, 'room' | 'id'>): string {
  return room === mainRoom ? '/' : `/${room}/${id}`;
}
