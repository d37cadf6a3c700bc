import type { HostedPoll } from './hosted-poll.ts';

/** What the queue itself knows of a poll, so that it takes votes or refuses them in the step that would take them. */
export interface Gate {
  readonly poll: string;
  /** Which opening of the poll this is about, from 1. A later one opens what an earlier one has closed. */
  readonly opening: number;
  /** From when votes are taken, by the clock of the queue (Unix milliseconds); undefined for at once. */
  readonly from: number | undefined;
  /** Until when, this moment no more; undefined for as long as nobody closes it. */
  readonly until: number | undefined;
  /** Whether it takes none any more. Within an opening that is for good. */
  readonly closed: boolean;
  /** Of the poll that says so: of two schedules for one opening the later one holds. */
  readonly revision: number;
}

/** The gate that a poll is to have; undefined before it is opened first. */
export function gateOf({ id, openings, opensAt, closesAt, state, revision }: HostedPoll): Gate | undefined {
  if (openings === 0) return undefined;
  const closed = state === 'closed';
  return { poll: id, opening: openings, from: opensAt, until: closesAt, closed, revision };
}
