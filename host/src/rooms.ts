import { faultsOfText, isPollId, isRoomId, type PollStore, type Room, VotingError } from '@voting/core';
import { randomCode, underFreeId } from './free-id.ts';
import { type ContentFault, InvalidContent } from './invalid-content.ts';
import { isChangedMeanwhile, type Seen, upToDate } from './revisions.ts';

export interface RoomChange {
  readonly title?: string | undefined;
  /** The poll that is to be on; null for none. */
  readonly on?: string | null | undefined;
}

export interface Rooms {
  all(): Promise<readonly Room[]>;
  /** @throws {VotingError} `room_unknown` */
  room(id: string): Promise<Room>;
  /**
   * @param id a name; undefined for a free code
   * @throws {VotingError} `room_taken`; {@link InvalidContent}
   */
  make(title: string, id: string | undefined): Promise<Room>;
  /**
   * Changes its title, or what is on in it.
   *
   * @throws {VotingError} `room_unknown`, `changed_meanwhile`, `poll_unknown`; {@link InvalidContent}
   */
  change(id: string, change: RoomChange, seen: Seen): Promise<Room>;
  /** @throws {VotingError} `room_unknown`, `changed_meanwhile`, `room_in_use` */
  remove(id: string, seen: Seen): Promise<void>;
}

export interface RoomsDeps {
  readonly store: PollStore;
  readonly makeKnown: () => Promise<void>;
}

const longestTitle = 100;

/** What hosts do with rooms. */
export function createRooms({ store, makeKnown }: RoomsDeps): Rooms {
  const room = (id: string) => findRoom(store, id);

  async function keepNamed(id: string, title: string): Promise<Room> {
    try {
      return await store.keepRoom(newRoom(id, title));
    } catch (error) {
      if (isChangedMeanwhile(error)) throw new VotingError('room_taken', { detail: id });
      throw error;
    }
  }

  return {
    all: () => store.rooms(),
    room,
    async make(title, id) {
      const name = titleOf(
        title,
        id === undefined || isRoomId(id) ? [] : [{ path: 'id', code: 'malformed' }],
      );
      const made = await (id === undefined
        ? underFreeId(randomCode, (code) => store.keepRoom(newRoom(code, name)))
        : keepNamed(id, name));
      await makeKnown();
      return made;
    },
    async change(id, { title, on }, seen) {
      if (typeof on === 'string' && !isPollId(on)) throw new VotingError('poll_unknown', { detail: on });
      const changed = await upToDate(
        () => room(id),
        seen,
        (was) =>
          store.keepRoom({
            ...was,
            title: title === undefined ? was.title : titleOf(title),
            on: on === undefined ? was.on : (on ?? undefined),
          }),
      );
      await makeKnown();
      return changed;
    },
    async remove(id, seen) {
      await upToDate(
        () => room(id),
        seen,
        (was) => store.removeRoom(was),
      );
      await makeKnown();
    },
  };
}

/** @throws {VotingError} `room_unknown` */
export async function findRoom(store: PollStore, id: string): Promise<Room> {
  const found = (await store.rooms()).find((room) => room.id === id);
  if (found === undefined) throw new VotingError('room_unknown', { detail: id });
  return found;
}

function newRoom(id: string, title: string): Room {
  return { id, title, on: undefined, revision: 0 };
}

/** @param others what else is wrong */
function titleOf(text: string, others: readonly ContentFault[] = []): string {
  const title = text.trim();
  const faults = [...others, ...faultsOfText('title', title, longestTitle)];
  if (faults.length > 0) throw new InvalidContent(faults);
  return title;
}
