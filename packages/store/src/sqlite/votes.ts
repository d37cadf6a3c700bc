import type { DatabaseSync } from 'node:sqlite';
import {
  type Backlog,
  castAt,
  type Difference,
  type PipelineReading,
  type Recorded,
  type Sequence,
  type Snapshot,
  type Tally,
} from '@voting/core';
import { readStatements } from '../statements.ts';
import { storedVoter } from '../stored-voter.ts';
import { isUnstorable } from './failures.ts';
import { inTransaction } from './transaction.ts';

/** The votes of a poll as they travel to the thread of the database: each voter once, the same place in each list. */
export interface Batch {
  readonly poll: string;
  readonly voters: readonly string[];
  readonly options: readonly string[];
  readonly sequences: BigInt64Array;
}

/** What was done, and to which polls. */
export interface RecordedPolls extends Recorded {
  /** Those whose tallies have moved. */
  readonly moved: readonly string[];
}

/** What can be asked of the database; see the port for what it means. */
export interface Votes {
  record(batches: readonly Batch[]): RecordedPolls;
  wouldStore(batches: readonly Batch[]): boolean;
  snapshot(polls: readonly string[]): Snapshot;
  timeline(poll: string, since: number): ReadonlyMap<number, number>;
  newestSequence(): Sequence;
  beat(worker: string, backlog: Omit<Backlog, 'deadLetters'>): void;
  recountable(): readonly string[];
  recount(poll: string, repair: boolean): readonly Difference[];
}

const neverBeaten: PipelineReading = { beatAge: undefined, pending: 0, delay: 0 };

/** Ends a transaction that was not to change anything. */
class Undone extends Error {}

/** The votes in an open, migrated database. */
export function createVotes(connection: DatabaseSync): Votes {
  const sql = readStatements('sqlite', [
    'add-to-timeline',
    'advance',
    'beat',
    'choice',
    'is-removed',
    'is-stale',
    'move-tally',
    'newest-sequence',
    'pipeline',
    'store',
    'tally',
  ]);
  const prepare = (name: keyof typeof sql) => connection.prepare(sql[name]);
  const choice = prepare('choice');
  const isStale = prepare('is-stale');
  const store = prepare('store');
  const moveTally = prepare('move-tally');
  const addToTimeline = prepare('add-to-timeline');
  const advance = prepare('advance');
  const tally = prepare('tally');
  const timeline = prepare('timeline');
  const pipeline = prepare('pipeline');
  const newest = prepare('newest-sequence');
  const beat = prepare('beat');
  const differences = prepare('differences');
  const ownIds = prepare('own-ids');
  const isRemoved = prepare('is-removed');

  function recordPoll({ poll, voters, options, sequences }: Batch): Recorded {
    const moves = new Map<string, number>();
    /** Voters who voted for the first time, by the step of ten seconds. */
    const steps = new Map<number, number>();
    const move = (option: string, votes: number) => moves.set(option, (moves.get(option) ?? 0) + votes);
    let added = 0;
    let changed = 0;
    let stale = 0;
    let newest = 0n;
    // what a worker brings again may be erased by now
    if (isRemoved.get({ 1: poll }) !== undefined) return { added, changed, stale };
    const own = Boolean(ownIds.get({ 1: poll })?.own_ids);
    voters.forEach((one, i) => {
      const voter = own ? storedVoter(poll, one) : one;
      const option = options[i] as string;
      const sequence = sequences[i] as bigint;
      const before = choice.get({ 1: poll, 2: voter })?.vote as string | undefined;
      if (store.run({ 1: poll, 2: voter, 3: option, 4: sequence }).changes === 0) {
        if (isStale.get({ 1: poll, 2: voter, 3: sequence }) !== undefined) stale++;
        return;
      }
      if (sequence > newest) newest = sequence;
      if (before === option) return;
      if (before === undefined) {
        added++;
        const step = Math.floor(castAt(sequence) / 10_000) * 10;
        steps.set(step, (steps.get(step) ?? 0) + 1);
      } else {
        changed++;
        move(before, -1);
      }
      move(option, 1);
    });
    for (const [option, votes] of moves) moveTally.run({ 1: poll, 2: option, 3: votes });
    for (const [step, voters] of steps) addToTimeline.run({ 1: poll, 2: step, 3: voters });
    advance.run({ 1: newest });
    return { added, changed, stale };
  }

  function tallyOf(poll: string): Tally {
    const rows = tally.all({ 1: poll });
    return Object.fromEntries(rows.map(({ option, votes }) => [String(option), Number(votes)]));
  }

  function record(batches: readonly Batch[]): RecordedPolls {
    const all = { added: 0, changed: 0, stale: 0 };
    const moved: string[] = [];
    for (const batch of batches) {
      const { added, changed, stale } = recordPoll(batch);
      all.added += added;
      all.changed += changed;
      all.stale += stale;
      if (added + changed > 0) moved.push(batch.poll);
    }
    return { ...all, moved };
  }

  return {
    record: (batches) => inTransaction(connection, () => record(batches)),

    wouldStore(batches) {
      try {
        return inTransaction(connection, () => {
          record(batches);
          throw new Undone();
        });
      } catch (error) {
        if (error instanceof Undone) return true;
        if (isUnstorable(error)) return false;
        throw error;
      }
    },

    snapshot(polls) {
      const reading = pipeline.get();
      return {
        tallies: new Map(polls.map((poll) => [poll, tallyOf(poll)])),
        pipeline:
          reading === undefined
            ? neverBeaten
            : {
                beatAge: Number(reading.beat_age),
                pending: Number(reading.pending),
                delay: Number(reading.delay),
              },
      };
    },

    timeline(poll, since) {
      const steps = timeline.all({ 1: poll, 2: since });
      return new Map(steps.map(({ moment, votes }) => [Number(moment), Number(votes)]));
    },

    newestSequence: () => BigInt(String(newest.get()?.sequence)),

    beat(worker, { pending, oldestAgeMs }) {
      beat.run({ 1: worker, 2: pending, 3: oldestAgeMs ?? null });
    },

    recountable: () =>
      prepare('recountable-polls')
        .all()
        .map(({ id }) => String(id)),

    recount: (poll, repair) =>
      inTransaction(connection, () => {
        const found = differences.all({ 1: poll }).map(({ option, counted, tallied }) => ({
          option: String(option),
          counted: Number(counted),
          tallied: Number(tallied),
        }));
        if (repair && found.length > 0) {
          prepare('forget-tallies').run({ 1: poll });
          prepare('retally').run({ 1: poll });
        }
        return found;
      }),
  };
}
