import { VotingError } from './errors.ts';
import type { Poll } from './poll.ts';

/** Where a poll is in its life. A closed one may be opened again. */
export const pollStates = ['draft', 'open', 'closed'] as const;
export type PollState = (typeof pollStates)[number];

/** Who sees how the votes are spread: everybody while they come, everybody when the poll is closed, or the host alone. */
export const visibilities = ['live', 'closed', 'host'] as const;
export type Visibility = (typeof visibilities)[number];

/** What a voter hands in. A store keeps it as letters of options, so that more kinds need no other column. */
export type BallotKind = 'one';

/** A poll as a host runs it in a room. Times are Unix milliseconds. */
export interface HostedPoll extends Poll {
  readonly room: string;
  /** Its place among the polls of the room; of two with the same the id decides. */
  readonly place: number;
  readonly ballot: BallotKind;
  readonly visibility: Visibility;
  readonly state: PollState;
  /** How often it was opened. More than once: its numbers have been final before. */
  readonly openings: number;
  /** Whether it is closed and every vote of this opening is counted. Only counting finds that out, nobody else sets it. */
  readonly final: boolean;
  /** From when votes are taken while it is open; undefined for as soon as it is. */
  readonly opensAt: number | undefined;
  /** Until when, this moment no more; undefined for as long as it is open. */
  readonly closesAt: number | undefined;
  /** Grows with each change. 0 before it was ever kept. */
  readonly revision: number;
}

const next: Readonly<Record<PollState, readonly PollState[]>> = {
  draft: ['open'],
  open: ['closed'],
  closed: ['open'],
};

/** A poll that nobody has opened yet, as the last of its room. */
export function draftOf(poll: Poll, room: string, place: number): HostedPoll {
  return {
    ...poll,
    room,
    place,
    ballot: 'one',
    visibility: 'live',
    state: 'draft',
    openings: 0,
    final: false,
    opensAt: undefined,
    closesAt: undefined,
    revision: 0,
  };
}

/**
 * The poll in another state. What was scheduled for its last opening does not hold for the next one.
 *
 * @throws {VotingError} `poll_state` when it does not go there from where it is
 */
export function moved(poll: HostedPoll, state: PollState): HostedPoll {
  if (!next[poll.state].includes(state)) {
    throw new VotingError('poll_state', { detail: `${poll.state} → ${state}` });
  }
  if (state !== 'open') return { ...poll, state };
  const again = poll.openings > 0 ? { opensAt: undefined, closesAt: undefined } : {};
  return { ...poll, ...again, state, openings: poll.openings + 1, final: false };
}

/** Whether everybody may see how the votes are spread. How many have voted is no secret. */
export function isShown({ visibility, state }: Pick<HostedPoll, 'visibility' | 'state'>): boolean {
  return visibility === 'live' || (visibility === 'closed' && state === 'closed');
}
