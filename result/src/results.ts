import type { Poll, Snapshot, Tally } from '@voting/core';
import { type PipelineState, pipelineState } from './pipeline-state.ts';

/** What viewers are shown, as the `results` event and `/api/results` carry it. */
export interface Results {
  readonly poll: string;
  readonly question: string;
  readonly options: readonly OptionResult[];
  readonly total: number;
  /** When these votes were first seen, ISO 8601; null before the store was ever read. */
  readonly updatedAt: string | null;
  readonly pipeline: PipelineState;
}

export interface OptionResult {
  readonly id: string;
  readonly label: string;
  readonly votes: number;
}

/** What was last read from the store, and when (milliseconds of performance.now, which nobody sets). */
export interface Reading {
  readonly snapshot: Snapshot;
  readonly readAt: number;
  /** When a reading with this tally was first made. */
  readonly changedAt: Date;
}

/** The results as of `now`, by the same clock as the reading. Without any reading they are zero, and the pipeline is down. */
export function resultsOf(poll: Poll, reading: Reading | undefined, now: number): Results {
  const tally: Tally = reading?.snapshot.tally ?? {};
  const options = poll.options.map(({ id, label }) => ({ id, label, votes: tally[id] ?? 0 }));
  return {
    poll: poll.id,
    question: poll.question,
    options,
    total: options.reduce((sum, { votes }) => sum + votes, 0),
    updatedAt: reading === undefined ? null : reading.changedAt.toISOString(),
    pipeline: pipelineState(reading, now),
  };
}

/** The JSON text that pages of the well-known example voting app expect in a `scores` event. */
export function scoresOf({ options }: Results): string {
  return JSON.stringify(Object.fromEntries(options.map(({ id, votes }) => [id, votes])));
}
