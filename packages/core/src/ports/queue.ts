import type { QueuedVote, Vote } from '../vote.ts';

/** The way in: where the vote service puts votes. */
export interface VoteQueue {
  /**
   * Resolves once the vote can no longer be lost, whatever process is killed next.
   *
   * @throws {VotingError} `queue_full` or `queue_unavailable`. After `queue_unavailable` the vote may
   *   still be counted (the answer can be lost on its way); casting it again is harmless. `poll_unknown`, `poll_not_open`
   *   or `poll_closed` as its gate says (`Gates`): then it never is.
   */
  append(vote: Vote): Promise<void>;
  /** Refuses further votes and waits for those under way. */
  close(): Promise<void>;
}

/** A vote as it comes out of the queue. Its texts are not yet checked against the poll. */
export interface Delivery extends QueuedVote {
  /** Names this vote to the consumer that delivered it; means nothing elsewhere. */
  readonly receipt: unknown;
  /** Whether it may have been delivered before. */
  readonly again: boolean;
  /** Milliseconds from when it was appended until it was delivered, by one clock. */
  readonly waitedMs: number;
}

/** What still waits to be counted, votes in the hands of consumers included. */
export interface Backlog {
  /** Votes. Exact, also after a crash; what was changed by hand is right again when nothing waits. */
  readonly pending: number;
  /** Milliseconds since the oldest of them was appended, by one clock; undefined when none waits. */
  readonly oldestAgeMs: number | undefined;
  /** Votes that were set aside and are still kept. */
  readonly deadLetters: number;
}

/** A poll that takes no more votes in any partition. */
export interface Closing {
  /** Which opening of the poll it was. */
  readonly opening: number;
  /** Whether all that was taken before is acknowledged or set aside: nothing of this opening can come any more. */
  readonly counted: boolean;
}

/** The way out: where a worker takes votes. Votes of one voter arrive in the order they were appended. */
export interface VoteConsumer {
  /**
   * At most `limit` votes, oldest first. Waits for the first up to `waitMs`, then resolves empty.
   * What is not acknowledged is delivered again: to another consumer once this one is closed or dead.
   */
  read(limit: number, waitMs: number): Promise<readonly Delivery[]>;
  /** Whether the last `read` has left votes behind that wait already, as far as it could see. */
  hasMore(): boolean;
  /**
   * These are stored and not delivered again. Votes may travel together: until all of those are acknowledged or
   * buried, the death of this consumer may bring each of them again. Acknowledging twice is harmless.
   */
  ack(deliveries: readonly Delivery[]): Promise<void>;
  /**
   * Sets a vote aside that can never be counted, with the reason, and acknowledges it; those that travelled with
   * it are not touched. The queue keeps a bounded number of them, the latest.
   */
  bury(delivery: Delivery, reason: string): Promise<void>;
  backlog(): Promise<Backlog>;
  /** Those of these polls that are closed. One whose time is over is closed by being asked for. */
  closings(polls: readonly string[]): Promise<ReadonlyMap<string, Closing>>;
  /** Ends a waiting `read` with an empty batch. */
  close(): Promise<void>;
}
