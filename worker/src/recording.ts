import { randomBytes } from 'node:crypto';
import { type Delivery, isPassing, type VoteStore, VotingError } from '@voting/core';
import type { Patience } from '@voting/runtime';
import { createBatchSize } from './batch-size.ts';
import type { WorkerMetrics } from './metrics.ts';

export interface RecordingConfig {
  /** Votes a transaction has at most. */
  readonly batchSize: number;
}

export interface RecordingDeps {
  readonly store: VoteStore;
  readonly metrics: WorkerMetrics;
  readonly patiently: Patience;
}

/** What becomes of votes that are recorded, each of them once. */
export interface Outcomes {
  stored(votes: readonly Delivery[]): Promise<void>;
  refused(vote: Delivery): Promise<void>;
}

/**
 * Stores votes in as few transactions as the store takes in time.
 *
 * Votes that the store refuses for their content are found by halving, so that one bad vote never holds up
 * the others. When it would refuse any other vote as well, nothing is wrong with the votes: it waits until
 * somebody has mended the table.
 *
 * @returns what records votes of any polls under a shard of the tallies; rejects when the worker stops before the end
 */
export function createRecording({ batchSize }: RecordingConfig, deps: RecordingDeps) {
  const { store, metrics, patiently } = deps;
  const size = createBatchSize(batchSize);

  async function record(votes: readonly Delivery[], shard: number, outcomes: Outcomes): Promise<void> {
    let rest = votes;
    while (rest.length > 0) {
      let piece = rest;
      const refused = await patiently('store', async () => {
        piece = rest.slice(0, size.votes);
        return isRefused(piece, shard);
      });
      if (!refused) await outcomes.stored(piece);
      else if (piece.length === 1) await outcomes.refused(piece[0] as Delivery);
      else {
        const middle = Math.ceil(piece.length / 2);
        await record(piece.slice(0, middle), shard, outcomes);
        await record(piece.slice(middle), shard, outcomes);
      }
      rest = rest.slice(piece.length);
    }
  }

  /** Records the votes, or tells that at least one of them is refused for its content. */
  async function isRefused(votes: readonly Delivery[], shard: number): Promise<boolean> {
    const started = performance.now();
    try {
      const outcome = await store.record(votes, shard);
      size.succeeded(votes.length, performance.now() - started);
      metrics.stored(outcome, !votes.some(({ again }) => again));
      return false;
    } catch (error) {
      if (isPassing(error)) size.failed(votes.length);
      if (!(error instanceof VotingError && error.code === 'vote_unstorable')) throw error;
      await trustTable(votes[0] as Delivery, shard, error);
      return true;
    }
  }

  /** @throws {VotingError} `store_refuses` when the same vote by somebody else would be refused too */
  async function trustTable({ poll, option }: Delivery, shard: number, cause: unknown): Promise<void> {
    const voter = randomBytes(16).toString('base64url');
    const twin = { poll, voter, option, sequence: 1n };
    if (!(await store.wouldStore(twin, shard))) throw new VotingError('store_refuses', { cause });
  }

  return record;
}
