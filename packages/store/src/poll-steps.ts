import { type Closing, type HostedPoll, mainRoom, type Poll, type Room, VotingError } from '@voting/core';
import { declaredOver, newlyDeclared, type PollRow, pollOf, rowOf } from './poll-row.ts';
import { type RoomRow, roomOf, rowOfRoom } from './room-row.ts';
import { rowsOf, type Step, type Steps } from './steps.ts';

/** What a `PollStore` is asked for, each in a transaction; see the port for what it means. */
export const pollSteps = {
  *declare(poll: Poll): Steps<HostedPoll> {
    yield* rowsOf('add-poll', ...rowOf(newlyDeclared(poll)));
    const row = (yield* rowOfPoll(poll.id)) as PollRow;
    const changed = declaredOver(row, poll);
    const kept = changed === undefined ? pollOf(row) : yield* keepPoll(changed);
    const room = (yield* roomCalled(mainRoom)) as Room;
    if (room.on === undefined) yield* keepRoom({ ...room, on: poll.id });
    return kept;
  },

  *poll(id: string): Steps<HostedPoll | undefined> {
    const row = yield* rowOfPoll(id);
    return row && pollOf(row);
  },

  *polls(room: string | undefined): Steps<readonly HostedPoll[]> {
    return (yield* rowsOf<PollRow>('polls', room ?? null, null)).map(pollOf);
  },

  *rooms(): Steps<readonly Room[]> {
    return (yield* rowsOf<RoomRow>('rooms', null)).map(roomOf);
  },

  *unsettled(): Steps<readonly string[]> {
    return (yield* rowsOf<{ readonly id: string }>('unsettled-polls')).map(({ id }) => id);
  },

  *settle(poll: string, { opening, counted }: Closing): Steps<boolean> {
    return (yield* rowsOf('settle-poll', poll, opening, counted ? 1 : 0)).length > 0;
  },

  *keepPoll(poll: HostedPoll): Steps<HostedPoll> {
    if ((yield* roomCalled(poll.room)) === undefined)
      throw new VotingError('room_unknown', { detail: poll.room });
    return yield* keepPoll(poll);
  },

  *keepRoom(room: Room): Steps<Room> {
    if (room.on !== undefined && (yield* rowOfPoll(room.on))?.room !== room.id) {
      throw new VotingError('poll_unknown', { detail: room.on });
    }
    return yield* keepRoom(room);
  },
};

function* rowOfPoll(id: string): Steps<PollRow | undefined> {
  return (yield* rowsOf<PollRow>('polls', null, id))[0];
}

function* roomCalled(id: string): Steps<Room | undefined> {
  const [row] = yield* rowsOf<RoomRow>('rooms', id);
  return row && roomOf(row);
}

function* keepPoll(poll: HostedPoll): Steps<HostedPoll> {
  return { ...poll, revision: yield* keep('poll', rowOf(poll), poll.revision) };
}

function* keepRoom(room: Room): Steps<Room> {
  return { ...room, revision: yield* keep('room', rowOfRoom(room), room.revision) };
}

/** Adds what has the revision 0, and writes anew what has another. @returns its new revision */
function* keep(what: 'poll' | 'room', row: Step['parameters'], revision: number): Steps<number> {
  const [kept] = yield* revision === 0
    ? rowsOf<{ readonly revision: number }>(`add-${what}`, ...row)
    : rowsOf<{ readonly revision: number }>(`revise-${what}`, ...row, revision);
  if (kept === undefined) throw new VotingError('changed_meanwhile', { detail: `${what} ${row[0]}` });
  return kept.revision;
}
