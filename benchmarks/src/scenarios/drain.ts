import type { Vote } from '@voting/core';
import { createRedisQueue, readRedisSettings } from '@voting/queue/redis';
import { query } from '../../../tests/servers/postgres.ts';
import { bulkInsert } from '../ceilings/bulk-insert.ts';
import type { Scenario } from '../scenario.ts';
import { manyVotes, piecesOf } from '../stage/backlog.ts';
import { processorSeconds, startReady } from '../stage/services.ts';
import { openStore } from '../stage/store.ts';
import {
  countedIn,
  drained,
  expectCounted,
  postgresFor,
  type RedisClient,
  redisFor,
} from '../stage/stores.ts';
import { spreadOf } from '../summary.ts';

const votesAtFullSize = 1_000_000;
/** A round takes long, and the figures hardly differ. */
const roundsAtMost = 3;

/** One worker and a long queue, as after an outage of the store. */
export const drain: Scenario = {
  name: 'drain',
  measures: 'counted votes a second: one worker on a backlog of 1,000,000 votes, 70% of them from new voters',
  ceiling: 'PostgreSQL’s own insert of the same rows from a staging table into an equal table',

  async run({ rounds, size }, say) {
    const ours: number[] = [];
    const ceiling: number[] = [];
    const queuedBytes: number[] = [];
    const workerCosts: number[] = [];
    const count = Math.round(votesAtFullSize * size);
    let totals = '';
    for (let round = 1; round <= Math.min(rounds, roundsAtMost); round++) {
      await using stage = new AsyncDisposableStack();
      const { votes, tally } = manyVotes(count);
      const postgres = await postgresFor(stage);
      const redis = await redisFor(stage);
      await openStore(stage, postgres.url);
      ceiling.push(count / (await bulkInsert(postgres.url, votes)));

      await append(redis.url, votes);
      const bytes = Number(await redis.client.sendCommand(['MEMORY', 'USAGE', 'votes', 'SAMPLES', '0']));
      queuedBytes.push(bytes / count);
      await query(postgres.url, 'DROP TABLE equal_votes, staging');
      await query(postgres.url, 'CHECKPOINT');
      const emptied = rateOfEmptying(redis.client, count);
      const worker = stage.use(
        await startReady('worker', { REDIS_URL: redis.url, DATABASE_URL: postgres.url }),
      );
      ours.push(await emptied);
      workerCosts.push(((await processorSeconds(worker)) / count) * 1e6);
      totals = expectCounted(await countedIn(postgres.url), [{ voters: 0, tally }]);
      say(`round ${round}: ${ours.at(-1)?.toFixed(0)} of ${ceiling.at(-1)?.toFixed(0)} a second`);
    }
    return {
      measures: [
        {
          what: 'counted votes',
          unit: 'a second',
          ours,
          ceiling,
          goal: { of: 'ratio', atLeast: 0.85 },
        },
        {
          what: 'memory of a waiting vote',
          unit: 'bytes',
          ours: queuedBytes,
          ceiling: [],
          goal: { of: 'value', atMost: 33 },
        },
      ],
      totals,
      notes: [],
      costs: { worker: spreadOf(workerCosts)?.median ?? 0 },
    };
  },
};

async function append(url: string, votes: readonly Vote[]): Promise<void> {
  const queue = createRedisQueue(readRedisSettings({ REDIS_URL: url }), () => {});
  for (const piece of piecesOf(votes, 2_000)) await Promise.all(piece.map((vote) => queue.append(vote)));
  await queue.close();
}

/** Votes a second from the first that is read to the last that is acknowledged. */
async function rateOfEmptying(redis: RedisClient, count: number): Promise<number> {
  let start = 0;
  let left = count;
  while (left === count) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    start = performance.now();
    const [group] = await redis.xInfoGroups('votes').catch(() => []);
    left = group === undefined ? count : (group.lag ?? 0);
  }
  await drained(redis);
  return count / ((performance.now() - start) / 1_000);
}
