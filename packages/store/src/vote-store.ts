import {
  type Difference,
  type PipelineReading,
  type Recorded,
  type VoteStore,
  VotingError,
} from '@voting/core';
import type { Driver } from './driver.ts';
import { newestVotes } from './newest-votes.ts';
import { readStatements, type Statements } from './statements.ts';

const neverBeaten: PipelineReading = { beatAge: undefined, pending: 0, delay: 0 };

/** The vote store on any driver that speaks PostgreSQL 18. Expects a migrated schema. */
export function createVoteStore(driver: Driver, sql: Statements = readStatements()): VoteStore {
  return {
    record: (poll, votes, shard) =>
      answer(async () => {
        if (votes.length === 0) return { added: 0, changed: 0 };
        const batch = newestVotes(votes);
        const [row] = await driver.query<Recorded>(sql.record, [
          poll,
          batch.map(({ voter }) => voter),
          batch.map(({ option }) => option),
          batch.map(({ sequence }) => String(sequence)),
          shard,
        ]);
        return { added: row?.added ?? 0, changed: row?.changed ?? 0 };
      }),

    snapshot: (poll) =>
      answer(async () => {
        const tally = await driver.query<{ option: string; votes: number }>(sql.tally, [poll]);
        const [beat] = await driver.query<{ beat_age: number; pending: number; delay: number }>(sql.pipeline);
        return {
          tally: Object.fromEntries(tally.map(({ option, votes }) => [option, votes])),
          pipeline:
            beat === undefined
              ? neverBeaten
              : { beatAge: beat.beat_age, pending: beat.pending, delay: beat.delay },
        };
      }),

    newestSequence: () =>
      answer(async () => {
        const [row] = await driver.query<{ sequence: string }>(sql['newest-sequence']);
        return BigInt(row?.sequence ?? 0);
      }),

    onChange: (poll, listener) =>
      answer(() =>
        driver.listen('tallies', (payload) => {
          if (payload === undefined || payload === poll) listener();
        }),
      ),

    beat: (worker, { pending, oldestAt }) =>
      answer(async () => {
        await driver.query(sql.beat, [worker, pending, oldestAt ?? null]);
      }),

    recount: (poll, repair) =>
      answer(async () => {
        if (!repair) return driver.query<Difference>(sql.differences, [poll]);
        return driver.transaction(async (session) => {
          await session.script(sql['hold-still']);
          const differences = await session.query<Difference>(sql.differences, [poll]);
          if (differences.length > 0) await session.query(sql.retally, [poll]);
          return differences;
        });
      }),

    close: () => driver.close(),
  };
}

/** Turns what a driver throws into what the port promises. */
async function answer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const refused = /^2[23]/.test(sqlState(cause)); // data exception, integrity violation
    throw new VotingError(refused ? 'vote_unstorable' : 'store_unavailable', { cause });
  }
}

function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
