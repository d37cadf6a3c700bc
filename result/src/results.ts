import { type HostedPoll, isShown, type Room, type Tally } from '@voting/core';
import { type PipelineState, pipelineState, type Reading } from './pipeline-state.ts';

/** Where a poll is, for those who look on: its votes come in, the last of them are counted, or all are. */
export type Stage = 'open' | 'closing' | 'final';

/** What viewers are shown, as the `results` event and `/api/results` carry it. */
export interface Results {
  /** The room, as its address names it. */
  readonly room: string;
  /** What the host calls it; empty when nothing. */
  readonly title: string;
  /** Null while nothing is on in the room; there are no options then. */
  readonly poll: string | null;
  readonly question: string;
  readonly options: readonly OptionResult[];
  /** Voters whose vote is counted. */
  readonly total: number;
  readonly stage: Stage;
  /** Whether it was final before, and was opened again. */
  readonly reopened: boolean;
  /** Whether the votes of each option are shown now, later when it is closed, or to the host alone. */
  readonly votes: 'shown' | 'when closed' | 'host only';
  /** When these votes were first seen, ISO 8601; null before the store was ever read. */
  readonly updatedAt: string | null;
  readonly pipeline: PipelineState;
}

export interface OptionResult {
  readonly id: string;
  readonly label: string;
  /** Null while they are not shown. */
  readonly votes: number | null;
}

/** The votes of a poll as they were last read. */
export interface Votes {
  readonly tally: Tally;
  /** When a reading with this tally was first made. */
  readonly changedAt: Date;
}

/**
 * The results as of `now`, by the same clock as the reading. Without any reading they are zero, and the pipeline is down. This is
 * the one place that decides what is shown of hidden votes: nobody else is handed them.
 *
 * @param poll undefined while nothing is on
 */
export function resultsOf(
  { id: room, title }: Pick<Room, 'id' | 'title'>,
  poll: HostedPoll | undefined,
  votes: Votes | undefined,
  reading: Reading | undefined,
  now: number,
): Results {
  const tally = votes?.tally ?? {};
  const counts = poll?.options.map(({ id }) => tally[id] ?? 0) ?? [];
  const shown = poll === undefined || isShown(poll);
  return {
    room,
    title,
    poll: poll?.id ?? null,
    question: poll?.question ?? '',
    options:
      poll?.options.map(({ id, label }, i) => ({ id, label, votes: shown ? (counts[i] ?? 0) : null })) ?? [],
    total: counts.reduce((sum, count) => sum + count, 0),
    stage: poll?.state !== 'closed' ? 'open' : poll.final ? 'final' : 'closing',
    reopened: poll !== undefined && poll.state === 'open' && poll.openings > 1,
    votes: shown ? 'shown' : poll.visibility === 'host' ? 'host only' : 'when closed',
    updatedAt: votes === undefined ? null : votes.changedAt.toISOString(),
    pipeline: pipelineState(reading, now),
  };
}

/**
 * The JSON text that pages of the well-known example voting app expect in a `scores` event; undefined while the votes are not
 * shown.
 */
export function scoresOf({ options, votes }: Results): string | undefined {
  if (votes !== 'shown') return undefined;
  return JSON.stringify(Object.fromEntries(options.map(({ id, votes }) => [id, votes])));
}
