import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import type { Scenario } from '../scenario.ts';
import { startCeiling } from '../stage/program.ts';
import { startReady } from '../stage/services.ts';
import {
  countedIn,
  drained,
  expectCounted,
  postgresFor,
  type RedisClient,
  redisFor,
} from '../stage/stores.ts';
import { letVote } from '../stage/voters.ts';

const votesPerSecond = 5_000;
const secondsAtFullSize = 60;
const settleMs = 2_000;

/** How long a voter waits until the vote is on everybody's screen. */
export const live: Scenario = {
  name: 'live',
  measures:
    'from the answer to a vote until a viewer sees it: 5,000 votes a second offered for 60 s, all services on the machine',
  ceiling: 'a message through bare Redis pub/sub and Socket.IO, on the idle machine',

  async run({ size }, say) {
    await using stage = new AsyncDisposableStack();
    const redis = await redisFor(stage);
    const postgres = await postgresFor(stage);
    const env = { REDIS_URL: redis.url, DATABASE_URL: postgres.url };
    const bare = stage.use(await startCeiling('bare-echo.ts', { REDIS_URL: redis.url }));
    const echoes = await echo(`http://127.0.0.1:${bare.port}`, redis.client);

    const vote = stage.use(await startReady('vote', env));
    stage.use(await startReady('worker', env));
    const result = stage.use(await startReady('result', env));
    const folder = await mkdtemp(join(tmpdir(), 'voting-bench-'));
    stage.defer(() => rm(folder, { recursive: true, force: true }));

    const seen: { total: number; at: number }[] = [];
    const viewer = io(result.address, { transports: ['websocket'] });
    stage.defer(() => void viewer.close());
    viewer.on('results', ({ total }: { total: number }) => {
      if (total > (seen.at(-1)?.total ?? 0))
        seen.push({ total, at: performance.timeOrigin + performance.now() });
    });

    // every vote is a new voter's, so that the total counts votes
    const answers = join(folder, 'answers');
    const seconds = secondsAtFullSize * size;
    const report = await letVote(vote.address, { seconds, rate: votesPerSecond, returning: 0, answers });
    await drained(redis.client);
    await pause(settleMs);
    const bytes = await readFile(answers);
    const answeredAt = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
    const delays = delaysOf(answeredAt, seen);
    if (delays.length < answeredAt.length) throw new Error('The last votes never reached the screen');
    say(`${(report.acknowledged / report.seconds).toFixed(0)} votes a second were answered`);

    const share = (values: readonly number[], part: number) => values[Math.floor(values.length * part)] ?? 0;
    return {
      measures: [
        {
          what: 'vote to screen, median',
          unit: 'ms',
          ours: [share(delays, 0.5)],
          ceiling: [share(echoes, 0.5)],
          goal: { of: 'value', atMost: 120 },
        },
        {
          what: 'vote to screen, 99th percentile',
          unit: 'ms',
          ours: [share(delays, 0.99)],
          ceiling: [share(echoes, 0.99)],
          goal: { of: 'value', atMost: 300 },
        },
        {
          what: 'answered votes',
          unit: 'a second',
          ours: [report.acknowledged / report.seconds],
          ceiling: [],
        },
      ],
      totals: expectCounted(await countedIn(postgres.url), [report.ledger]),
      notes: [
        'the k-th answered vote counts as seen when a viewer is shown a total of k or more',
        'ten broadcasts a second alone make it 50 ms in the median and 100 ms at most',
      ],
    };
  },
};

/** For each answer, sorted: milliseconds until a viewer was shown a total that includes it. */
function delaysOf(answeredAt: Float64Array, seen: readonly { total: number; at: number }[]): number[] {
  const delays: number[] = [];
  let shown = 0;
  for (const [index, answered] of answeredAt.entries()) {
    while (shown < seen.length && (seen[shown]?.total ?? 0) < index + 1) shown++;
    const at = seen[shown]?.at;
    if (at === undefined) break;
    delays.push(Math.max(0, at - answered));
  }
  return delays.sort((one, other) => one - other);
}

/** Milliseconds that each of many messages took from Redis to a page, sorted. */
async function echo(address: string, redis: RedisClient): Promise<number[]> {
  const times: number[] = [];
  const viewer = io(address, { transports: ['websocket'] });
  try {
    await new Promise<void>((connected) => viewer.on('connect', connected));
    viewer.on('echo', (sentAt: string) => times.push(performance.now() - Number(sentAt)));
    for (let message = 0; message < 500; message++) {
      await redis.publish('echo', String(performance.now()));
      await pause(10);
    }
    await pause(100);
  } finally {
    viewer.close();
  }
  return times.sort((one, other) => one - other);
}
