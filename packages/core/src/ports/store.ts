import type { Sequence } from '../sequence.ts';
import type { Tally } from '../tally.ts';
import type { QueuedVote } from '../vote.ts';
import type { Backlog } from './queue.ts';

/** What one call of `record` did, in all polls together. Votes that were none of these were known already, or repeat a choice. */
export interface Recorded {
  /** Voters who voted for the first time. */
  readonly added: number;
  /** Voters whose choice is now another. */
  readonly changed: number;
  /** Voters of whom a newer vote was stored already, before this call. */
  readonly stale: number;
}

/** How the counting goes, as the latest heartbeat tells; ages in seconds by the store's own clock. */
export interface PipelineReading {
  /** Since a worker last reported; undefined when none ever did. */
  readonly beatAge: number | undefined;
  readonly pending: number;
  /** Since the oldest uncounted vote was cast; 0 when none waits. */
  readonly delay: number;
}

export interface Snapshot {
  /** Of every poll that was asked for; only options that have ever been voted for. */
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly pipeline: PipelineReading;
}

/** A room or a poll is another than before, new, or removed. */
export interface DefinitionChange {
  readonly of: 'room' | 'poll';
  readonly id: string;
}

/** What has changed in a store. `anything` when changes may have been missed. */
export type StoreChange =
  | DefinitionChange
  | { readonly of: 'tally'; readonly poll: string }
  | { readonly of: 'anything' };

/** An option whose tally is not what a count of the votes says. */
export interface Difference {
  readonly option: string;
  readonly counted: number;
  readonly tallied: number;
}

/** Votes and tallies at rest. Every method but `close` fails with `VotingError` `store_unavailable`. */
export interface VoteStore {
  /**
   * Stores a batch, of one poll or of many, and moves the tallies with it, in one transaction: all or nothing.
   * Of several votes by one voter in a poll the highest sequence wins, within the batch and against what is
   * stored, so a batch that comes again, late or out of order changes nothing. Of a poll that was removed nothing is stored
   * any more: all of its votes were counted before.
   * Calls with different `shard`s don't wait for each other's tally rows.
   *
   * @throws {VotingError} `vote_unstorable` when the data itself is refused: trying again is in vain.
   */
  record(votes: readonly QueuedVote[], shard: number): Promise<Recorded>;
  /** Whether `record` would store this vote now; stores nothing. Tells a refused vote from a faulty table. */
  wouldStore(vote: QueuedVote, shard: number): Promise<boolean>;
  /** Cost grows with the number of options, not of votes; it is one reading, however many polls. */
  snapshot(polls: readonly string[]): Promise<Snapshot>;
  /**
   * How many voters voted for the first time in each step of ten seconds from `since` on, by the time of their votes.
   *
   * @param since Unix seconds
   * @returns by the beginning of the step, in Unix seconds; nothing for one without any
   */
  timeline(poll: string, since: number): Promise<ReadonlyMap<number, number>>;
  /** The highest sequence stored, of all votes; 0 in an empty store. Reads every vote. */
  newestSequence(): Promise<Sequence>;
  /**
   * Calls `listener` soon after a tally, a room or a poll changes, and whenever changes may have been missed.
   * When the promise is fulfilled, a change that commits from then on is announced.
   */
  onChange(listener: (change: StoreChange) => void): Promise<() => Promise<void>>;
  /** Says that `worker` is alive and how much waits. */
  beat(worker: string, backlog: Omit<Backlog, 'deadLetters'>): Promise<void>;
  /** The polls there are votes, tallies or a definition of, but for those that are being deleted. Reads every vote. */
  recountable(): Promise<readonly string[]>;
  /** Counts the votes and compares; with `repair`, sets the tallies right in the same transaction. */
  recount(poll: string, repair: boolean): Promise<readonly Difference[]>;
  close(): Promise<void>;
}
