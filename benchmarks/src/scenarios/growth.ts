import { definePoll } from '@voting/core';
import type { PostgresStore } from '@voting/store/postgres';
import { query } from '../../../tests/servers/postgres.ts';
import type { Measure, Scenario } from '../scenario.ts';
import { medianOf } from '../stage/median.ts';
import { newVotes } from '../stage/new-votes.ts';
import { openStore } from '../stage/store.ts';
import { countedIn, expectTotal, postgresFor } from '../stage/stores.ts';

const sizes = [10_000, 100_000, 1_000_000, 10_000_000];
const readings = 200;
const batchSize = 5_000;
const batches = 20;

interface Costs {
  readonly snapshot: number;
  readonly batch: number;
}

/** Whether anything becomes slower as votes pile up. */
export const growth: Scenario = {
  name: 'growth',
  measures: 'cost of reading the results and of counting a batch, with 10,000 to 10,000,000 votes stored',
  ceiling: 'the same with 10,000 votes',

  async run({ size }, say) {
    await using stage = new AsyncDisposableStack();
    const postgres = await postgresFor(stage);
    const store = await openStore(stage, postgres.url);
    await store.declare(definePoll('main', 'Cats vs Dogs!', ['Cats', 'Dogs']));
    const costs: Costs[] = [];
    const stored = sizes.map((votes) => Math.round(votes * size));
    for (const votes of stored) {
      await fillUpTo(votes, postgres.url, store);
      const cost = {
        snapshot: await medianOf(readings, () => store.snapshot(['main'])),
        batch: await medianOf(batches, () => store.record(newVotes(batchSize), 1)),
      };
      costs.push(cost);
      say(
        `${votes.toLocaleString('en')} votes: ${cost.snapshot.toFixed(2)} ms a reading, ${cost.batch.toFixed(1)} ms a batch`,
      );
    }
    const counted = await countedIn(postgres.url);
    const expected = (stored.at(-1) ?? 0) + (batches + 1) * batchSize;
    const [first] = costs as [Costs];
    const measures = costs.slice(1).flatMap((cost, index): Measure[] => {
      const votes = (stored[index + 1] ?? 0).toLocaleString('en');
      return [
        {
          what: `reading the results of ${votes} votes`,
          unit: 'ms',
          ours: [cost.snapshot],
          ceiling: [first.snapshot],
          goal: { of: 'ratio', atMost: 1.2 },
        },
        {
          what: `counting ${batchSize} votes into ${votes}`,
          unit: 'ms',
          ours: [cost.batch],
          ceiling: [first.batch],
          goal: { of: 'ratio', atMost: 1.3 },
        },
      ];
    });
    return { measures, totals: expectTotal(counted, expected), notes: [] };
  },
};

/**
 * Stores votes of new voters past the services until there are so many, and counts them. Their ids begin with the time as
 * stored ones do, as if they had come 20,000 a second.
 */
async function fillUpTo(votes: number, url: string, store: PostgresStore): Promise<void> {
  await query(
    url,
    `INSERT INTO votes (poll, id, vote, seq)
     SELECT 'main', replace(replace(rtrim(encode(
              substring(uuid_send(uuidv7(make_interval(secs => (n - ${votes}) / 20000.0))), 1, 4)
                || substring(uuid_send(gen_random_uuid()), 1, 12), 'base64'), '='), '+', '-'), '/', '_'),
            CASE n % 2 WHEN 0 THEN 'a' ELSE 'b' END, n
     FROM generate_series((SELECT count(*) FROM votes) + 1, ${votes}) AS n`,
  );
  await store.recount('main', true);
  // what PostgreSQL does by itself once the rush is over
  await query(url, 'VACUUM ANALYZE votes, tallies');
  await query(url, 'CHECKPOINT');
}
