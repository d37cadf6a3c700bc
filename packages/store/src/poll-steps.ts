import {
  type Closing,
  type Definition,
  type HostedPoll,
  mainRoom,
  type Poll,
  type Room,
  VotingError,
} from '@voting/core';
import { declaredOver, definitionOfRow, newlyDeclared, type PollRow, pollOf, rowOf } from './poll-row.ts';
import { definitionOfRow as definitionOfRoomRow, type RoomRow, roomOf, rowOfRoom } from './room-row.ts';
import { rowsOf, type Step, type Steps } from './steps.ts';

/** What a `PollStore` is asked for, each in a transaction; see the port for what it means. */
export const pollSteps = {
  *declare(poll: Poll): Steps<HostedPoll | undefined> {
    yield* rowsOf('add-poll', ...rowOf(newlyDeclared(poll)));
    const row = yield* rowOfPoll(poll.id);
    if (row === undefined) return undefined;
    const changed = declaredOver(row, poll);
    const kept = changed === undefined ? pollOf(row) : yield* keepPoll(changed);
    const isNews = (yield* rowsOf('declare-poll', poll.id, mainRoom)).length > 0;
    const room = (yield* roomCalled(mainRoom)) as Room;
    if (room.on === undefined || (isNews && room.on !== poll.id)) yield* keepRoom({ ...room, on: poll.id });
    return kept;
  },

  *poll(id: string): Steps<HostedPoll | undefined> {
    const row = yield* rowOfPoll(id);
    return row && pollOf(row);
  },

  *polls(room: string | undefined): Steps<readonly HostedPoll[]> {
    return (yield* pollRows(false, room)).map(pollOf);
  },

  *rooms(): Steps<readonly Room[]> {
    return (yield* roomRows(false)).map(roomOf);
  },

  *definitions(): Steps<readonly Definition[]> {
    return yield* definitions(false);
  },

  *unannounced(): Steps<readonly Definition[]> {
    return yield* definitions(true);
  },

  *announced(announced: readonly Definition[]): Steps<void> {
    for (const { kind, id, revision } of announced) yield* rowsOf(`announced-${kind}`, id, revision);
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

  *removePoll({ id, revision, state, final }: HostedPoll): Steps<void> {
    if (state !== 'draft' && !final) throw new VotingError('poll_state', { detail: `${state} → removed` });
    if ((yield* rowsOf('remove-poll', id, revision)).length === 0) throw changedMeanwhile('poll', id);
    yield* rowsOf('turn-off', id);
  },

  *removeRoom({ id, revision }: Room): Steps<void> {
    const [poll] = yield* pollRows(false, id);
    if (poll !== undefined || id === mainRoom) throw new VotingError('room_in_use', { detail: id });
    if ((yield* rowsOf('remove-room', id, revision)).length === 0) throw changedMeanwhile('room', id);
  },

  *erase(votes: number): Steps<boolean> {
    const [poll] = yield* rowsOf<{ readonly id: string }>('unerased-poll');
    if (poll === undefined) return false;
    yield* rowsOf('erase-votes', poll.id, votes);
    yield* rowsOf('erase-tallies', poll.id);
    yield* rowsOf('erase-timeline', poll.id);
    yield* rowsOf('erased-poll', poll.id);
    return true;
  },
};

function pollRows(unannounced: boolean, room?: string, id?: string): Steps<readonly PollRow[]> {
  return rowsOf<PollRow>('polls', room ?? null, id ?? null, unannounced ? 1 : 0);
}

function roomRows(unannounced: boolean, id?: string): Steps<readonly RoomRow[]> {
  return rowsOf<RoomRow>('rooms', id ?? null, unannounced ? 1 : 0);
}

function* definitions(unannounced: boolean): Steps<readonly Definition[]> {
  const rooms = yield* roomRows(unannounced);
  const polls = yield* pollRows(unannounced);
  return [...rooms.map(definitionOfRoomRow), ...polls.map(definitionOfRow)];
}

function* rowOfPoll(id: string): Steps<PollRow | undefined> {
  return (yield* pollRows(false, undefined, id))[0];
}

function* roomCalled(id: string): Steps<Room | undefined> {
  const [row] = yield* roomRows(false, id);
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
  if (kept === undefined) throw changedMeanwhile(what, String(row[0]));
  return kept.revision;
}

function changedMeanwhile(what: 'poll' | 'room', id: string): VotingError {
  return new VotingError('changed_meanwhile', { detail: `${what} ${id}` });
}
