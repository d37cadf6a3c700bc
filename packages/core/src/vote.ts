import type { Sequence } from './sequence.ts';

/** What a voter asked for: in this poll, this voter chooses this option. */
export interface Vote {
  readonly poll: string;
  readonly voter: string;
  readonly option: string;
  /** The place of this vote in a trace (W3C Trace Context), when it is traced. The count does not depend on it. */
  readonly traceparent?: string | undefined;
}

/** A vote that has its place in the order of all votes. */
export interface QueuedVote extends Vote {
  readonly sequence: Sequence;
}

/** Whether `text` could be a voter id of ours: short and plain, safe for every store and log. */
export function isVoterId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}
