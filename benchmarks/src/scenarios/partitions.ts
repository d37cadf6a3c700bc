import { setTimeout as pause } from 'node:timers/promises';
import { createRedisQueue, partitionOf, readRedisSettings } from '@voting/queue/redis';
import { foundStreams } from '../../../tests/servers/founded-streams.ts';
import { query } from '../../../tests/servers/postgres.ts';
import { startRedisCluster } from '../../../tests/servers/redis-cluster.ts';
import type { Measure, Scenario } from '../scenario.ts';
import { piecesOf } from '../stage/backlog.ts';
import { startReady } from '../stage/services.ts';
import { countedIn, expectCounted, postgresFor } from '../stage/stores.ts';
import { letVote } from '../stage/voters.ts';

const partitions = [1, 2, 3, 4, 7];
/** Of a backlog that is counted once evenly and once from one of these alone. */
const hotAmong = 4;
const backlogVotes = 100_000;
const countingMs = 120_000;

/** The same system over more streams: nothing is lost on the way, whatever the machine can do with them. */
export const spread: Scenario = {
  name: 'partitions',
  measures:
    'accepted votes a second with 1 to 7 partitions on a Redis Cluster of three nodes, and their totals; votes a second counted when all lie in one of four partitions',
  ceiling:
    'the same with one partition; two cores cannot run more nodes faster. For the hot partition: the same votes spread evenly',

  async run({ seconds, size }, say) {
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
      await foundStreams(readRedisSettings(env));
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
    const votes = Math.ceil(backlogVotes * size);
    const even = await rateOfCounting(cluster.url, await postgres.createDatabase(), votes, () => true);
    const hot = await rateOfCounting(
      cluster.url,
      await postgres.createDatabase(),
      votes,
      (voter) => partitionOf(voter, hotAmong) === 0,
    );
    say(
      `${votes} votes that wait, of ${hotAmong} partitions: ${even.toFixed(0)} a second counted, ${hot.toFixed(0)} from one of them alone`,
    );
    return {
      measures: [
        ...rates.slice(1).map((rate, index): Measure => {
          return {
            what: `${partitions[index + 1]} partitions`,
            unit: 'votes a second',
            ours: [rate],
            ceiling: [one],
          };
        }),
        { what: 'counted from one hot partition', unit: 'votes a second', ours: [hot], ceiling: [even] },
      ],
      totals: `with each number of partitions; the last: ${totals}`,
      notes: [],
    };
  },
};

/** Votes a second that one worker counts of a backlog by voters of this kind. */
async function rateOfCounting(
  url: string,
  database: string,
  votes: number,
  isOne: (voter: string) => boolean,
): Promise<number> {
  const env = { REDIS_URL: url, REDIS_CLUSTER: 'true', QUEUE_PARTITIONS: String(hotAmong) };
  const config = readRedisSettings(env);
  await foundStreams(config);
  const queue = createRedisQueue(config, () => {});
  for (const piece of piecesOf(votersOf(votes, isOne), 2_000)) {
    await Promise.all(piece.map((voter) => queue.append({ poll: 'main', voter, option: 'a' })));
  }
  await queue.close();
  await using _worker = await startReady('worker', { ...env, DATABASE_URL: database });
  const [first] = await query(database, 'SELECT count(*)::int AS voters FROM votes');
  const began = performance.now();
  await counted(database, votes);
  return (votes - Number(first?.voters)) / ((performance.now() - began) / 1_000);
}

function votersOf(count: number, isOne: (voter: string) => boolean): string[] {
  const voters: string[] = [];
  for (let i = 0; voters.length < count; i++) if (isOne(`voter-${i}`)) voters.push(`voter-${i}`);
  return voters;
}

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
    await pause(100);
  }
}
