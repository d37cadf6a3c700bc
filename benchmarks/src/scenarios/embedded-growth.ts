import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { definePoll } from '@voting/core';
import { openSqliteStore, type SqliteStore } from '@voting/store/sqlite';
import type { Measure, Scenario } from '../scenario.ts';
import { medianOf } from '../stage/median.ts';
import { newVotes } from '../stage/new-votes.ts';
import { expectTotal } from '../stage/stores.ts';

const sizes = [10_000, 1_000_000, 10_000_000];
/** As many as 64 connections make. */
const batchSize = 64;
const batches = 300;

interface Costs {
  readonly start: number;
  readonly batch: number;
  readonly snapshot: number;
}

/** Whether one process becomes slower as votes pile up. */
export const embeddedGrowth: Scenario = {
  name: 'embedded-growth',
  measures: 'one process: opening the store, and counting a batch, with 10,000 to 10,000,000 votes in it',
  ceiling: 'the same with 10,000 votes',

  async run({ size }, say) {
    await using stage = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'voting-bench-'));
    stage.defer(() => rm(folder, { recursive: true, force: true }));
    const opened = await openSqliteStore(folder);
    await opened.declare(definePoll('main', 'Cats vs Dogs!', ['Cats', 'Dogs']));
    await opened.close();
    const costs: Costs[] = [];
    let total: Record<string, number> = {};
    const stored = sizes.map((votes) => Math.round(votes * size));
    for (const votes of stored) {
      fillUpTo(votes, join(folder, 'votes.db'));
      const before = performance.now();
      const store = await openSqliteStore(folder);
      const start = performance.now() - before;
      const batch = await medianOf(batches, () => store.record(newVotes(batchSize), 0));
      const snapshot = await medianOf(batches, () => store.snapshot(['main']));
      costs.push({ start, batch, snapshot });
      say(
        `${votes.toLocaleString('en')} votes: ${start.toFixed(0)} ms to open, ${batch.toFixed(2)} ms a batch, ${snapshot.toFixed(2)} ms a reading`,
      );
      total = await expectRight(store);
      await store.close();
    }
    const expected = (stored.at(-1) ?? 0) + (batches + 1) * batchSize;
    const [first] = costs as [Costs];
    const measures = costs.slice(1).flatMap((cost, index): Measure[] => {
      const votes = (stored[index + 1] ?? 0).toLocaleString('en');
      const like = (what: string, name: keyof Costs) => ({
        what,
        unit: 'ms',
        ours: [cost[name]],
        ceiling: [first[name]],
      });
      return [
        { ...like(`opening a store of ${votes} votes`, 'start'), goal: { of: 'value', atMost: 2_000 } },
        {
          ...like(`counting ${batchSize} votes into ${votes}`, 'batch'),
          goal: { of: 'ratio', atMost: 1.5 },
        },
        like(`reading the results of ${votes} votes`, 'snapshot'),
      ];
    });
    return { measures, totals: expectTotal(total, expected), notes: [] };
  },
};

/**
 * Stores votes of new voters past the store until there are so many, and counts them. Their ids begin with the time as
 * stored ones do, as if they had come 20,000 a second.
 */
function fillUpTo(votes: number, file: string): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; PRAGMA cache_size = -1000000');
  database
    .prepare(
      `WITH RECURSIVE numbers (n) AS (
         SELECT count(*) + 1 FROM votes UNION ALL SELECT n + 1 FROM numbers WHERE n < ?
       )
       INSERT INTO votes (poll, id, vote, seq)
       SELECT 'main', printf('%08X', (unixepoch('subsec') * 1000 - (? - n) / 20) >> 16) || hex(randomblob(7)), CASE n % 2 WHEN 0 THEN 'a' ELSE 'b' END, n FROM numbers
       WHERE n <= ?`,
    )
    .run(votes, votes, votes);
  database.exec(`
    DELETE FROM tallies;
    INSERT INTO tallies SELECT poll, vote, 0, count(*) FROM votes GROUP BY poll, vote;
    PRAGMA wal_checkpoint(TRUNCATE);
  `);
  database.close();
}

async function expectRight(store: SqliteStore): Promise<Record<string, number>> {
  const differences = await store.recount('main', false);
  if (differences.length > 0) throw new Error(`Wrong tallies: ${JSON.stringify(differences)}`);
  return { ...(await store.snapshot(['main'])).tallies.get('main') };
}
