import { setTimeout as pause } from 'node:timers/promises';
import { query } from '../../../tests/servers/postgres.ts';
import { startRedisCluster } from '../../../tests/servers/redis-cluster.ts';
import type { Measure, Scenario } from '../scenario.ts';
import { startReady } from '../stage/services.ts';
import { countedIn, expectCounted, postgresFor } from '../stage/stores.ts';
import { letVote } from '../stage/voters.ts';

const partitions = [1, 2, 4];
const countingMs = 120_000;

/** The same system over more streams: nothing is lost on the way, whatever the machine can do with them. */
export const spread: Scenario = {
  name: 'partitions',
  measures:
    'accepted votes a second with 1, 2 and 4 partitions on a Redis Cluster of three nodes, and their totals',
  ceiling: 'the same with one partition; two cores cannot run more nodes faster',

  async run({ seconds }, say) {
    await using stage = new AsyncDisposableStack();
    const cluster = stage.adopt(await startRedisCluster(), (started) => started.stop());
    const postgres = await postgresFor(stage);
    const rates: number[] = [];
    let totals = '';
    for (const count of partitions) {
      await using services = new AsyncDisposableStack();
      const url = await postgres.createDatabase();
      const env = {
        REDIS_URL: cluster.url,
        REDIS_CLUSTER: 'true',
        QUEUE_PARTITIONS: String(count),
        DATABASE_URL: url,
      };
      const vote = services.use(await startReady('vote', env));
      for (const name of ['one', 'two'])
        services.use(await startReady('worker', { ...env, WORKER_NAME: name }));
      const { acknowledged, seconds: took, ledger } = await letVote(vote.address, { seconds });
      await counted(url, ledger.voters);
      rates.push(acknowledged / took);
      totals = expectCounted(await countedIn(url), [ledger]);
      say(`${count} partitions: ${rates.at(-1)?.toFixed(0)} a second, ${totals}`);
    }
    const [one] = rates as [number];
    return {
      measures: rates.slice(1).map((rate, index): Measure => {
        return {
          what: `${partitions[index + 1]} partitions`,
          unit: 'votes a second',
          ours: [rate],
          ceiling: [one],
        };
      }),
      totals: `with each number of partitions; the last: ${totals}`,
      notes: [],
    };
  },
};

/** Resolves when so many voters are stored and nothing changes any more. */
async function counted(url: string, voters: number): Promise<void> {
  const deadline = Date.now() + countingMs;
  let before = '';
  for (;;) {
    const [row] = await query(url, 'SELECT count(*)::int AS voters, max(seq)::text AS newest FROM votes');
    const now = JSON.stringify(row);
    if (row?.voters === voters && now === before) return;
    if (Date.now() > deadline) throw new Error(`Only ${row?.voters} of ${voters} voters were counted`);
    before = now;
    await pause(500);
  }
}
