import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { votesIn } from '../packages/queue/src/redis/record-batch.ts';
import { isReady, type Service, startService } from './product.ts';
import { foundStreamsAt } from './servers/founded-streams.ts';
import { freePorts } from './servers/free-ports.ts';
import { type RedisServer, startRedis } from './servers/redis.ts';
import { castVotes } from './voters.ts';

const electorate = {
  voters: 40,
  votesEach: 3,
  options: ['a', 'b'],
  concurrency: 20,
  patienceMs: 20_000,
};
let redis: RedisServer;
const running = new Set<Service>();

beforeAll(async () => {
  redis = await startRedis();
  await foundStreamsAt(redis.url);
});
beforeEach(async () => {
  const client = await createClient({ url: redis.url }).connect();
  await client.xTrim('votes', 'MAXLEN', 0);
  client.destroy();
});
afterEach(async () => {
  await Promise.all([...running].map((service) => service.end('SIGKILL')));
  running.clear();
});
afterAll(() => redis?.stop());

function start(port: number, ops: number): Service {
  const service = startService(
    'vote',
    { port, ops },
    { REDIS_URL: redis.url, VOTER_SECRET: 'the voter secret of the tests', VOTE_PROCESSES: '2' },
  );
  running.add(service);
  return service;
}

async function startReady(): Promise<Service> {
  const service = start(...((await freePorts(2)) as [number, number]));
  await vi.waitFor(() => expect(service.output()).toContain('all processes have started'), {
    timeout: 60_000,
  });
  await vi.waitFor(async () => expect(await isReady(service)).toBe(true), { timeout: 5_000 });
  return service;
}

async function end(service: Service, signal: NodeJS.Signals) {
  running.delete(service);
  return service.end(signal);
}

/** Of all processes that it has had, in the order of their starts. */
function pidsOf(service: Service): number[] {
  return [...service.output().matchAll(/"pid":(\d+),"msg":"process started"/g)].map(([, pid]) => Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function acceptedBy(service: Service): Promise<number> {
  const metrics = await (await fetch(`${service.ops}/metrics`)).text();
  return Number(/^vote_votes_accepted_total (\d+)$/m.exec(metrics)?.[1]);
}

async function queued() {
  const client = await createClient({ url: redis.url }).connect();
  try {
    const entries = (await client.xRange('votes', '-', '+')) ?? [];
    return entries.flatMap(({ message }) => votesIn(Object.entries(message).flat()));
  } finally {
    client.destroy();
  }
}

describe('several processes of one vote service', { timeout: 90_000 }, () => {
  it('share a port, and are watched as one', async () => {
    const vote = await startReady();
    const histories = await castVotes(electorate, [vote.address]);
    expect(await acceptedBy(vote)).toBe(electorate.voters * electorate.votesEach);
    const last = new Map((await queued()).map(({ voter, option }) => [voter, option]));
    expect(last).toEqual(new Map(histories.map(({ voter, acknowledged }) => [voter, acknowledged])));
    const pids = pidsOf(vote);
    expect(pids.filter(isAlive)).toHaveLength(2);
    expect((await end(vote, 'SIGTERM')).code).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('go on when one dies, and another takes its place', async () => {
    const vote = await startReady();
    const casting = castVotes({ ...electorate, voters: 400 }, [vote.address]);
    process.kill(pidsOf(vote)[0] as number, 'SIGKILL');
    await vi.waitFor(() => expect(pidsOf(vote)).toHaveLength(3), { timeout: 10_000 });
    expect(await isReady(vote)).toBe(true);
    const last = new Map((await casting).map(({ voter, acknowledged }) => [voter, acknowledged]));
    for (const { voter } of await queued()) expect(last.has(voter)).toBe(true);
    expect(new Map((await queued()).map(({ voter, option }) => [voter, option]))).toEqual(last);
  });

  it('end with the one that has started them', async () => {
    const vote = await startReady();
    await end(vote, 'SIGKILL');
    await vi.waitFor(() => expect(pidsOf(vote).filter(isAlive)).toEqual([]), { timeout: 5_000 });
  });

  it('say why they cannot start, and end', async () => {
    const vote = await startReady();
    const port = Number(new URL(vote.address).port);
    const second = start(port, (await freePorts(1))[0] as number);
    const { code, output } = await second.ended;
    running.delete(second);
    expect(code).toBe(1);
    expect(output).toContain(`Port ${port} is taken.`);
    expect(output).toContain('One of 2 processes could not start.');
  });
});
