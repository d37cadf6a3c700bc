import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery, Sequence, VoteConsumer } from '@voting/core';
import { openGate } from '@voting/core/testing';
import { createRedisQueue } from '@voting/queue/redis';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openLine } from '../../../tests/servers/line.ts';
import { ownRedis, type RedisServer, startRedis } from '../../../tests/servers/redis.ts';
import { createRedisWallClock, type WallClock } from '../../../tests/servers/wall-clock.ts';
import { openRedis, type RedisUnderTest } from './redis-under-test.ts';

const hour = 3_600;
const unavailable = { code: 'queue_unavailable' };
const voters = Array.from({ length: 40 }, (_, i) => `v${i}`);
const opened: (() => Promise<void>)[] = [];
let clocksCanBeSet = false;

beforeAll(async () => {
  if (!ownRedis) return;
  const clock = await createRedisWallClock();
  clocksCanBeSet = clock !== undefined;
  await clock?.remove();
  if (!clocksCanBeSet)
    console.log('The clocks of Redis cannot be set here: no libfaketime, or Redis in a container.');
});
afterEach(async () => {
  vi.useRealTimers();
  for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
});

interface ServerWithClock extends RedisServer {
  /** Resolves when the server's clock shows it. */
  setClock(secondsOff: number): Promise<void>;
}

async function startServer(secondsOff: number): Promise<ServerWithClock> {
  const clock = (await createRedisWallClock()) as WallClock;
  await clock.set(secondsOff);
  const server = await startRedis({ env: clock.env });
  opened.push(async () => {
    await server.stop();
    await clock.remove();
  });
  return {
    ...server,
    async setClock(off) {
      const under = await openRedis(server.url);
      await clock.set(off);
      await vi.waitFor(
        async () => {
          const [seconds] = (await under.raw('', 'TIME')) as [string];
          expect(Math.abs(Number(seconds) - Date.now() / 1_000 - off)).toBeLessThan(60);
        },
        { timeout: 20_000, interval: 100 },
      );
      await under.close();
    },
  };
}

async function open(...settings: Parameters<typeof openRedis>): Promise<RedisUnderTest> {
  const under = await openRedis(...settings);
  opened.push(() => under.close());
  return under;
}

/** All of them vote, again and again until they are told that it is in, and are counted. */
async function voteAndCount(
  under: RedisUnderTest,
  consumer: VoteConsumer,
  option: string,
): Promise<Delivery[]> {
  await Promise.all(voters.map((voter) => takes(under, voter, option)));
  return count(consumer, voters.length);
}

async function takes({ queue }: Pick<RedisUnderTest, 'queue'>, voter: string, option = 'a'): Promise<void> {
  await vi.waitFor(() => queue.append({ poll: 'main', voter, option }), { timeout: 20_000, interval: 50 });
}

async function count(consumer: VoteConsumer, votes: number): Promise<Delivery[]> {
  const counted = new Map<string, Delivery>();
  await vi.waitFor(
    async () => {
      const deliveries = await consumer.read(100, 100);
      for (const delivery of deliveries) counted.set(`${delivery.voter} ${delivery.sequence}`, delivery);
      await consumer.ack(deliveries);
      expect(counted.size).toBeGreaterThanOrEqual(votes);
    },
    { timeout: 20_000, interval: 10 },
  );
  return [...counted.values()];
}

function newestOf(deliveries: readonly Delivery[]): Sequence {
  return deliveries.reduce((newest, { sequence }) => (sequence > newest ? sequence : newest), 0n);
}

function olderThan(newest: Sequence, deliveries: readonly Delivery[]): Delivery[] {
  return deliveries.filter(({ sequence }) => sequence <= newest);
}

// `ctx.skip` says why in the report
describe.runIf(ownRedis)('no vote comes below an older one of its voter', () => {
  it('when a clock that was a day ahead is right again, and the voters are spread over more streams', async (ctx) => {
    if (!clocksCanBeSet) ctx.skip('the clock of Redis cannot be set here');
    const server = await startServer(24 * hour);
    const before = await open(server.url);
    const first = await before.consumer('first');
    const newest = newestOf(await voteAndCount(before, first, 'a'));
    // no worker of the former number of partitions runs on, which would found its stream again
    await first.close();
    await server.setClock(0);

    const { stream } = before.config;
    const after = await open(server.url, { stream, partitions: 4 }, false);
    // every worker asks the same store
    for (const one of [before, after]) one.newestSequence = newest;
    const spread = await after.consumer('second');
    const second = await voteAndCount(after, spread, 'b');
    expect(olderThan(newest, second)).toEqual([]);
    await spread.close();

    // and back: the one stream has stood still meanwhile, and nobody takes votes into it
    await expect(before.queue.append({ poll: 'main', voter: 'v1', option: 'c' })).rejects.toMatchObject(
      unavailable,
    );
    const back = await open(server.url, { stream }, false);
    for (const one of [before, after, back]) one.newestSequence = newestOf(second);
    const third = await voteAndCount(back, await back.consumer('third'), 'c');
    expect(olderThan(newestOf(second), third)).toEqual([]);
  });

  it('when Redis is emptied while its clock is behind the stream', async (ctx) => {
    if (!clocksCanBeSet) ctx.skip('the clock of Redis cannot be set here');
    const server = await startServer(hour);
    const under = await open(server.url);
    const consumer = await under.consumer('first');
    under.newestSequence = newestOf(await voteAndCount(under, consumer, 'a'));
    await server.setClock(0);
    await under.raw('', 'FLUSHALL');
    const second = await voteAndCount(under, consumer, 'b');
    expect(olderThan(under.newestSequence, second)).toEqual([]);
  });

  it('when a replica takes over that lacks the last votes, and whose clock is behind', async (ctx) => {
    if (!clocksCanBeSet) ctx.skip('the clock of Redis cannot be set here');
    const master = await startServer(0);
    const before = await open(master.url);
    const first = await before.consumer('first');
    await takes(before, 'early');
    const replica = await startServer(-30);
    const { stream } = before.config;
    const after = await open(replica.url, { stream }, false);
    await after.raw('', 'REPLICAOF', '127.0.0.1', String(master.port));
    await vi.waitFor(async () => expect(await after.raw('', 'EXISTS', stream)).toBe(1), { timeout: 20_000 });
    await after.raw('', 'REPLICAOF', 'NO', 'ONE');
    const newest = newestOf(await voteAndCount(before, first, 'a'));

    await expect(after.queue.append({ poll: 'main', voter: 'v1', option: 'b' })).rejects.toMatchObject(
      unavailable,
    );
    // every worker asks the same store
    for (const one of [before, after]) one.newestSequence = newest;
    const second = await voteAndCount(after, await after.consumer('second'), 'b');
    expect(
      olderThan(
        newest,
        second.filter(({ voter }) => voter !== 'early'),
      ),
    ).toEqual([]);
    const [group] = (await after.raw('', 'XINFO', 'GROUPS', stream)) as [{ lag: unknown }];
    expect(group.lag).toBe(0);
  });

  it('when the number of partitions shrinks while the clock is behind', async (ctx) => {
    if (!clocksCanBeSet) ctx.skip('the clock of Redis cannot be set here');
    const server = await startServer(0);
    const four = await open(server.url, { partitions: 4 });
    const consumer = await four.consumer('first');
    await voteAndCount(four, consumer, 'a');
    await server.setClock(hour);
    const newest = newestOf(await voteAndCount(four, consumer, 'b'));
    await consumer.close();
    await server.setClock(0);
    const two = await open(server.url, { stream: four.config.stream, partitions: 2 }, false);
    await expect(two.queue.append({ poll: 'main', voter: 'v1', option: 'c' })).rejects.toMatchObject(
      unavailable,
    );
    two.newestSequence = newest;
    expect(olderThan(newest, await voteAndCount(two, await two.consumer('third'), 'c'))).toEqual([]);
  });
});

describe.runIf(ownRedis)('a vote whose voter was told to try again', () => {
  it('stays out although the clock of Redis is set back before it arrives', async (ctx) => {
    if (!clocksCanBeSet) ctx.skip('the clock of Redis cannot be set here');
    const server = await startServer(0);
    const under = await open(server.url, { deadlineMs: 2_000 });
    const consumer = await under.consumer('first');
    const line = await openLine(server.port);
    opened.push(() => line.close());
    const queue = createRedisQueue({ ...under.config, port: line.port }, () => {});
    opened.push(() => queue.close());
    await takes({ queue }, 'v1', 'a');
    line.become({ toServer: { kind: 'hold' }, toClient: { kind: 'pass' } });
    await expect(queue.append({ poll: 'main', voter: 'v1', option: 'b' })).rejects.toMatchObject(unavailable);
    await server.setClock(-hour);
    await takes(under, 'v1', 'c');
    line.heal();
    await takes({ queue }, 'other');
    const choices = (await count(consumer, 3))
      .filter(({ voter }) => voter === 'v1')
      .map(({ option }) => option);
    expect(choices).toEqual(['a', 'c']);
  });

  it('is taken when the clock of Redis was set forward and there is time', async (ctx) => {
    if (!clocksCanBeSet) ctx.skip('the clock of Redis cannot be set here');
    const server = await startServer(0);
    const under = await open(server.url, { deadlineMs: 5_000 });
    await takes(under, 'v1');
    await server.setClock(hour);
    await under.queue.append({ poll: 'main', voter: 'v1', option: 'b' });
  });
});

describe.runIf(ownRedis)('a consumer whose own clock is set back', () => {
  it('ends its waiting in time, and takes over what another has held too long', async () => {
    const server = await startRedis();
    opened.push(() => server.stop());
    const under = await open(server.url);
    await takes(under, 'v1');
    const dead = await under.consumer('dead');
    expect(await hold(dead)).toHaveLength(1);
    const consumer = await under.consumer('alive');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const waiting = consumer.read(10, 300);
    vi.setSystemTime(Date.now() - hour * 1_000);
    await waiting;
    await pause(under.config.claimIdleMs);
    await vi.waitFor(async () => expect(await consumer.read(10, 100)).toMatchObject([{ voter: 'v1' }]), {
      timeout: 10_000,
    });
  });
});

describe.runIf(ownRedis)('how long votes wait', () => {
  it.each([
    ['ahead', hour],
    ['behind', -hour],
  ])('is known although the clock of Redis is an hour %s, and set right meanwhile', async (_, off) => {
    if (!clocksCanBeSet) return console.log('left out: the clock of Redis cannot be set here');
    const server = await startServer(off);
    const under = await open(server.url);
    const consumer = await under.consumer('first');
    await consumer.backlog();
    await takes(under, 'v1');
    const since = performance.now();
    const age = async () => (await consumer.backlog()).oldestAgeMs ?? -1;
    expect(await age()).toBeLessThan(performance.now() - since + 1_000);
    await server.setClock(0);
    await vi.waitFor(async () => expect(await age()).toBeGreaterThan(900), { timeout: 10_000 });
    expect(await age()).toBeLessThan(performance.now() - since + 5_000);
  });
});

/** Reads without acknowledging. */
async function hold(consumer: VoteConsumer): Promise<readonly Delivery[]> {
  return vi.waitFor(
    async () => {
      const deliveries = await consumer.read(10, 200);
      expect(deliveries.length).toBeGreaterThan(0);
      return deliveries;
    },
    { timeout: 10_000 },
  );
}

describe.runIf(ownRedis)('a closed poll', () => {
  it('stays closed when the clock of Redis is set back, by hand and by its schedule', async (ctx) => {
    if (!clocksCanBeSet) ctx.skip('the clock of Redis cannot be set here');
    const server = await startServer(0);
    const { queue, announcements } = await open(server.url);
    const { gates } = announcements;
    const soon = Date.now() + 1_000;
    const scheduled = { ...openGate('main'), until: soon };
    await gates.post(scheduled);
    await gates.post({ ...openGate('other'), closed: true });
    const cast = (poll: string) => queue.append({ poll, voter: 'v1', option: 'a' });
    await vi.waitFor(() => expect(cast('main')).rejects.toMatchObject({ code: 'poll_closed' }), {
      timeout: 20_000,
    });
    await server.setClock(-hour);
    for (const poll of ['main', 'other']) {
      await vi.waitFor(() => expect(cast(poll)).rejects.toMatchObject({ code: 'poll_closed' }), {
        timeout: 20_000,
      });
    }
    expect(await gates.post({ ...scheduled, until: soon + hour * 1_000 })).not.toEqual([undefined]);
  });

  it('is closed by the clock of Redis, whatever those say who ask', async (ctx) => {
    if (!clocksCanBeSet) ctx.skip('the clock of Redis cannot be set here');
    const server = await startServer(-hour);
    const { queue, announcements } = await open(server.url);
    const { gates } = announcements;
    const now = Date.now();
    const cast = () => queue.append({ poll: 'main', voter: 'v1', option: 'a' });
    // over by ours, an hour away by its
    await gates.post({ ...openGate('main'), opening: 2, until: now });
    await cast();
    await gates.post({ ...openGate('main'), opening: 3, from: now });
    await expect(cast()).rejects.toMatchObject({ code: 'poll_not_open' });
  });
});
