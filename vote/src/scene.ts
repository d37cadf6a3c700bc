import { type Directory, type HostedPoll, type Place, pollAt, type Room, VotingError } from '@voting/core';
import { type Editions, editionsOf } from './editions.ts';

/** Whether a poll takes votes, as far as is known here; its gate decides. */
export type Phase = 'early' | 'open' | 'closed';

/** What is to be seen at a place: a poll, or that none is on. */
export interface Scene {
  readonly room: Room;
  readonly shown:
    | { readonly poll: HostedPoll; readonly editions: Editions; readonly phase: Phase }
    | undefined;
  /** Differs from that of any other scene that looks another way. */
  readonly tag: string;
}

/** Keyed by the poll as it was made known, so that it is worked out once for each of its revisions. */
const known = new WeakMap<HostedPoll, Editions>();

/** The editions of a poll. */
export function editionsFor(poll: HostedPoll): Editions {
  let editions = known.get(poll);
  if (editions === undefined) {
    editions = editionsOf(poll);
    known.set(poll, editions);
  }
  return editions;
}

/** @throws {VotingError} `room_unknown`, or `poll_unknown` when the room has no such poll */
export function sceneAt(place: Place, directory: Directory): Scene {
  const room = roomAt(place, directory);
  const poll = pollAt(place, directory);
  if (poll === undefined) {
    if (place.poll !== undefined) throw new VotingError('poll_unknown', { detail: place.poll });
    return { room, shown: undefined, tag: '-' };
  }
  const editions = editionsFor(poll);
  const phase = phaseOf(poll, directory.now());
  return { room, shown: { poll, editions, phase }, tag: `${editions.current}.${phase}` };
}

/** @throws {VotingError} `room_unknown` */
export function roomAt({ room: id }: Place, directory: Directory): Room {
  const room = directory.room(id);
  if (room === undefined) throw new VotingError('room_unknown', { detail: id });
  return room;
}

function phaseOf({ state, opensAt, closesAt }: HostedPoll, now: number): Phase {
  if (state === 'closed' || (closesAt !== undefined && now >= closesAt)) return 'closed';
  return opensAt !== undefined && now < opensAt ? 'early' : 'open';
}
