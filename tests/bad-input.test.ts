import { Agent, get } from 'node:http';
import { isVoterId, type Vote } from '@voting/core';
import type { Results } from '@voting/result';
import { createClient } from 'redis';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { votesIn } from '../packages/queue/src/redis/record-batch.ts';
import { badFrames, badPoll } from './bad-input/frames.ts';
import { createRandom } from './bad-input/random.ts';
import { badRequest } from './bad-input/requests.ts';
import { drip, exchange, inParallel, statusesIn } from './bad-input/wire.ts';
import { isReady, type Service, startService } from './product.ts';
import { freePorts } from './servers/free-ports.ts';
import { type PostgresServer, startPostgres } from './servers/postgres.ts';
import { type RedisServer, startRedis } from './servers/redis.ts';

/** The same seed makes the same input again; every run without one takes another. */
const seed = Number(process.env.BAD_INPUT_SEED ?? Date.now() % 1_000_000);
/** The least that a container of ours is given. */
const memoryLimit = 256 * 1024 * 1024;
const patience = { timeout: 240_000 };

let redis: RedisServer;
let postgres: PostgresServer;
const services: Service[] = [];
let vote: Service;
let result: Service;

async function start(name: 'vote' | 'worker' | 'result'): Promise<Service> {
  const [port, ops] = (await freePorts(2)) as [number, number];
  const env = {
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    VOTER_SECRET: 'the voter secret of the tests',
    // what V8 takes by itself in a container of that size; on a large machine it is in no hurry to tidy up
    NODE_OPTIONS: '--max-old-space-size=64 --max-semi-space-size=4',
  };
  const service = startService(name, { port, ops }, env);
  services.push(service);
  return service;
}

beforeAll(async () => {
  console.log(`Bad input from the seed ${seed}; the same again with BAD_INPUT_SEED=${seed}.`);
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  [vote, , result] = (await Promise.all([start('vote'), start('worker'), start('result')])) as [
    Service,
    Service,
    Service,
  ];
  for (const service of services) {
    await vi.waitFor(async () => expect(await isReady(service), service.output()).toBe(true), {
      timeout: 60_000,
    });
  }
}, 120_000);
afterAll(async () => {
  await Promise.all(services.map((service) => service.end('SIGKILL')));
  await redis?.stop();
  await postgres?.stop();
});

const portOf = ({ address }: Service) => Number(new URL(address).port);

async function memoryOf({ ops }: Service): Promise<number> {
  const metrics = await (await fetch(`${ops}/metrics`)).text();
  return Number(/^process_resident_memory_bytes\S* (\S+)/m.exec(metrics)?.[1]);
}

/** Casts votes as browsers do, one voter after the other, until told to stop. */
function castMeanwhile() {
  let casting = true;
  const cast = { votes: 0, failures: [] as string[] };
  const done = (async () => {
    while (casting) {
      try {
        const answer = await fetch(vote.address, {
          method: 'POST',
          body: new URLSearchParams({ vote: 'b' }),
          headers: { accept: 'application/json' },
          signal: AbortSignal.timeout(5_000),
        });
        if (answer.status !== 202) cast.failures.push(`${answer.status} ${await answer.text()}`);
        else cast.votes++;
      } catch (error) {
        cast.failures.push(String(error));
      }
    }
    return cast;
  })();
  return () => {
    casting = false;
    return done;
  };
}

async function queuedVotes(): Promise<readonly Vote[]> {
  const client = await createClient({ url: redis.url }).connect();
  try {
    const entries = await client.xRange('votes', '-', '+');
    return (entries ?? []).flatMap(({ message }) => votesIn(Object.entries(message).flat()));
  } finally {
    client.destroy();
  }
}

/**
 * An ambiguous request ends its connection, and nothing in it was done: with a 400, before which it may have
 * been refused for what its head says, or with that refusal alone when nobody reads on after it.
 */
function refused(received: string): boolean {
  const statuses = statusesIn(received);
  const last = received.slice(received.lastIndexOf('HTTP/1.1 '));
  const ends = statuses.at(-1) === 400 || /^connection: close\r$/im.test(last);
  return ends && statuses.length <= 2 && statuses.every((status) => status >= 400);
}

describe('20,000 malformed requests', () => {
  it.each([
    ['vote', 14_000, () => vote],
    ['result', 6_000, () => result],
  ])('do not make %s fail, be misled, grow or stop', patience, async (name, count, service) => {
    const random = createRandom(seed);
    const port = portOf(service());
    const wrong: string[] = [];
    const answers = new Map<number, number>();
    const stopCasting = castMeanwhile();
    let early = 0;
    await inParallel(count, 128, async (n) => {
      const request = badRequest(random, n);
      const { received, hung } = await exchange(port, request.bytes, request.leaves);
      const statuses = statusesIn(received);
      for (const status of statuses) answers.set(status, (answers.get(status) ?? 0) + 1);
      const misled = request.ambiguous && !refused(received);
      if (hung || misled || statuses.some((status) => status >= 500)) {
        wrong.push(`${request.kind}: ${hung ? 'hung' : statuses} to ${JSON.stringify(request.bytes)}`);
      }
      if (n === count / 4) early = await memoryOf(service());
    });
    const cast = await stopCasting();
    console.log(name, count, 'malformed requests answered', Object.fromEntries(answers), cast.votes, 'votes');
    expect(wrong).toEqual([]);
    expect(cast.failures).toEqual([]);
    expect(cast.votes).toBeGreaterThan(10);
    const late = await memoryOf(service());
    expect(late).toBeLessThan(memoryLimit);
    expect(late - early).toBeLessThan(64 * 1024 * 1024);
    expect(await isReady(service())).toBe(true);
  });

  it('leave nothing in the queue but votes', patience, async () => {
    const strange = (await queuedVotes()).filter(
      ({ poll, voter, option }) => poll !== 'main' || !isVoterId(voter) || !['a', 'b'].includes(option),
    );
    expect(strange).toEqual([]);
  });
});

describe('300 slow senders', () => {
  it('of headers, of a body and of nothing are sent away, and hold up nobody', patience, async () => {
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n';
    const stopCasting = castMeanwhile();
    const senders = Array.from({ length: 100 }, () => [
      drip(portOf(vote), `${head}X: ${'x'.repeat(1_000)}`),
      drip(portOf(vote), `${head}Content-Length: 1000\r\n\r\n${'x'.repeat(900)}`),
      drip(portOf(vote), ''),
    ]);
    const slow = await Promise.all(senders.flat());
    const cast = await stopCasting();
    expect(slow.filter(({ hung }) => hung)).toEqual([]);
    // whoever still sends when the connection ends may lose what it has not read
    const told = slow.filter(({ received }) => received !== '');
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter(({ received }) => statusesIn(received).join() !== '408')).toEqual([]);
    expect(cast.failures).toEqual([]);
  });
});

describe('5,000 malformed frames and polls', () => {
  it('do not make result fail, grow or stop, while viewers follow', patience, async () => {
    const random = createRandom(seed);
    const port = portOf(result);
    let seen: Results | undefined;
    let losses = 0;
    const viewer = io(result.address, { transports: ['websocket'] });
    viewer.on('results', (results: Results) => {
      seen = results;
    });
    viewer.on('disconnect', () => losses++);
    await vi.waitFor(() => expect(seen).toBeDefined(), { timeout: 10_000 });
    const poller = await fetch(`${result.address}/socket.io/?EIO=4&transport=polling`);
    const session = /"sid":"([^"]+)"/.exec(await poller.text())?.[1] ?? '';

    const stopCasting = castMeanwhile();
    const wrong: string[] = [];
    let early = 0;
    let frames = 0;
    await inParallel(1_400, 64, async (n) => {
      const odd = n % 3 === 0 ? badFrames(random) : undefined;
      const bytes = odd ? odd.handshake + odd.frames.join('') : badPoll(random, session);
      frames += odd?.frames.length ?? 1;
      const { received, hung } = await exchange(port, bytes, random.oneIn(5) ? 'at once' : 'patiently');
      if (hung || statusesIn(received).some((status) => status >= 500)) {
        wrong.push(`${received.slice(0, 200)} to ${JSON.stringify(bytes)}`);
      }
      if (n === 350) early = await memoryOf(result);
    });
    const cast = await stopCasting();
    expect(frames).toBeGreaterThan(5_000);
    expect(wrong).toEqual([]);
    expect(cast.failures).toEqual([]);
    const before = seen?.total ?? 0;
    await fetch(vote.address, {
      method: 'POST',
      body: new URLSearchParams({ vote: 'a' }),
      redirect: 'manual',
    });
    await vi.waitFor(() => expect(seen?.total).toBeGreaterThan(before), { timeout: 10_000 });
    expect(losses).toBe(0);
    viewer.close();
    const late = await memoryOf(result);
    expect(late).toBeLessThan(memoryLimit);
    expect(late - early).toBeLessThan(64 * 1024 * 1024);
    expect(await isReady(result)).toBe(true);
  });
});

describe('a flood of 30,000 polling handshakes that nobody follows', () => {
  it('does not make result end or grow, while viewers follow', patience, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const answers = new Map<number | string, number>();
    const viewer = io(result.address, { transports: ['websocket'] });
    let seen: Results | undefined;
    let losses = 0;
    viewer.on('results', (results: Results) => {
      seen = results;
    });
    viewer.on('disconnect', () => losses++);
    await vi.waitFor(() => expect(seen).toBeDefined(), { timeout: 10_000 });
    const stopCasting = castMeanwhile();
    await inParallel(30_000, 16, async () => {
      const answer = await statusOf(`${result.address}/socket.io/?EIO=4&transport=polling`, agent);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    });
    const cast = await stopCasting();
    agent.destroy();
    console.log('handshakes answered', Object.fromEntries(answers));
    expect([...answers.keys()].sort()).toEqual([200, 503]);
    expect(cast.failures).toEqual([]);
    expect(await memoryOf(result)).toBeLessThan(memoryLimit);
    const before = seen?.total ?? 0;
    await fetch(vote.address, {
      method: 'POST',
      body: new URLSearchParams({ vote: 'a' }),
      redirect: 'manual',
    });
    await vi.waitFor(() => expect(seen?.total).toBeGreaterThan(before), { timeout: 10_000 });
    expect(losses).toBe(0);
    viewer.close();
  });
});

/** The status of the answer, or why there was none. */
function statusOf(address: string, agent: Agent): Promise<number | string> {
  return new Promise((resolve) => {
    get(address, { agent }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
