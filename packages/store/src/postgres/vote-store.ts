import type { Difference, PipelineReading, QueuedVote, Recorded, Tally, VoteStore } from '@voting/core';
import { batchesOf, type PollBatch } from '../batch.ts';
import { readStatement, readStatements } from '../statements.ts';
import { storedVoter } from '../stored-voter.ts';
import { changeIn, channels } from './channels.ts';
import { answer, isUnstorable } from './failures.ts';
import type { Driver } from './session.ts';

const neverBeaten: PipelineReading = { beatAge: undefined, pending: 0, delay: 0 };

/** The vote store on PostgreSQL 18. Expects a migrated schema. */
export function createVoteStore(driver: Driver): VoteStore {
  const sql = readStatements('postgres', [
    'beat',
    'hold-still',
    'newest-sequence',
    'pipeline',
    'record',
    'tallies',
  ]);
  /** Polls that store voters under ids of their own, or do not; once declared that never changes. */
  const ownIds = new Map<string, boolean>();

  async function asStored(votes: readonly QueuedVote[]): Promise<readonly PollBatch[]> {
    const own = new Map<string, boolean>();
    for (const poll of new Set(votes.map((vote) => vote.poll))) {
      own.set(poll, ownIds.get(poll) ?? (await askOwnIds(poll)));
    }
    return batchesOf(votes, (poll, voter) => (own.get(poll) ? storedVoter(poll, voter) : voter));
  }

  async function askOwnIds(poll: string): Promise<boolean> {
    const [row] = await driver.query<{ own_ids: boolean }>(sql['own-ids'], [poll]);
    if (row === undefined) return false;
    ownIds.set(poll, row.own_ids);
    return row.own_ids;
  }

  return {
    record: (votes, shard) =>
      answer(async () => {
        if (votes.length === 0) return { added: 0, changed: 0, stale: 0 };
        const [row] = await driver.query<Recorded>(sql.record, parametersOf(await asStored(votes), shard));
        return { added: row?.added ?? 0, changed: row?.changed ?? 0, stale: row?.stale ?? 0 };
      }),

    wouldStore: (vote, shard) =>
      answer(async () => {
        const batches = await asStored([vote]);
        const storing = driver.transaction(async (session) => {
          await session.query(sql.record, parametersOf(batches, shard));
          throw new Undone();
        });
        return storing.catch((error: unknown) => {
          if (error instanceof Undone) return true;
          if (isUnstorable(error)) return false;
          throw error;
        });
      }),

    snapshot: (polls) =>
      answer(async () => {
        const rows = await driver.query<{ poll: string; option: string; votes: number }>(sql.tallies, [
          polls,
        ]);
        const [beat] = await driver.query<{ beat_age: number; pending: number; delay: number }>(sql.pipeline);
        const byPoll = Map.groupBy(rows, ({ poll }) => poll);
        return {
          tallies: new Map(polls.map((poll) => [poll, tallyOf(byPoll.get(poll) ?? [])])),
          pipeline:
            beat === undefined
              ? neverBeaten
              : { beatAge: beat.beat_age, pending: beat.pending, delay: beat.delay },
        };
      }),

    timeline: (poll, since) =>
      answer(async () => {
        const steps = await driver.query<{ moment: number; votes: number }>(sql.timeline, [poll, since]);
        return new Map(steps.map(({ moment, votes }) => [moment, votes]));
      }),

    newestSequence: () =>
      answer(async () => {
        const [row] = await driver.query<{ sequence: string }>(sql['newest-sequence']);
        return BigInt(row?.sequence ?? 0);
      }),

    onChange: (listener) =>
      answer(() =>
        driver.listen(Object.values(channels), (channel, payload) => listener(changeIn(channel, payload))),
      ),

    beat: (worker, { pending, oldestAgeMs }) =>
      answer(async () => {
        await driver.query(sql.beat, [worker, pending, oldestAgeMs ?? null]);
      }),

    recountable: () =>
      answer(async () => {
        const rows = await driver.query<{ id: string }>(sql['recountable-polls']);
        return rows.map(({ id }) => id);
      }),

    recount: (poll, repair) =>
      answer(async () => {
        if (!repair) return driver.query<Difference>(sql.differences, [poll]);
        return driver.transaction(async (session) => {
          await session.script(sql['hold-still']);
          const differences = await session.query<Difference>(sql.differences, [poll]);
          if (differences.length > 0) {
            await session.query(sql['forget-tallies'], [poll]);
            await session.query(sql.retally, [poll]);
          }
          return differences;
        });
      }),

    close: () => driver.close(),
  };
}

/** What `recount` is made of, for who has nothing but psql to do it with. */
export const recountStatements = {
  differences: readStatement('differences'),
  forgetTallies: readStatement('forget-tallies'),
  holdStill: readStatement('postgres/hold-still'),
  polls: readStatement('recountable-polls'),
  retally: readStatement('retally'),
};

function tallyOf(rows: readonly { readonly option: string; readonly votes: number }[]): Tally {
  return Object.fromEntries(rows.map(({ option, votes }) => [option, votes]));
}

/** Ends a transaction that was not to change anything. */
class Undone extends Error {}

/** What the statement `record` takes. */
function parametersOf(batches: readonly PollBatch[], shard: number): readonly unknown[] {
  return [
    batches.flatMap(({ poll, voters }) => voters.map(() => poll)),
    batches.flatMap(({ voters }) => voters),
    batches.flatMap(({ options }) => options),
    batches.flatMap(({ sequences }) => sequences.map(String)),
    shard,
  ];
}
