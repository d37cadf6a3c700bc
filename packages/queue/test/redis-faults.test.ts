import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery, VoteConsumer, VoteQueue } from '@voting/core';
import { openGate } from '@voting/core/testing';
import { createRedisQueue, parseRedisUrl, redisDefaults } from '@voting/queue/redis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { foundStreams } from '../../../tests/servers/founded-streams.ts';
import { freePort } from '../../../tests/servers/free-ports.ts';
import { openLine } from '../../../tests/servers/line.ts';
import { ownRedis, type RedisServer, startRedis } from '../../../tests/servers/redis.ts';
import { type RedisCluster, startRedisCluster } from '../../../tests/servers/redis-cluster.ts';
import { votesIn } from '../src/redis/record-batch.ts';
import { foundingKey, waitingKey } from '../src/redis/streams.ts';
import { openRedis, type RedisUnderTest } from './redis-under-test.ts';

const unavailable = { code: 'queue_unavailable' };
const [pass, hold, lose] = [{ kind: 'pass' }, { kind: 'hold' }, { kind: 'lose' }] as const;

// These kill, pause and fill the server.
describe.runIf(ownRedis)('redis queue when Redis fails', () => {
  let server: RedisServer;
  let under: RedisUnderTest;

  beforeEach(async () => {
    server = await startRedis();
    under = await openRedis(server.url);
  });
  afterEach(async () => {
    await server.resume().catch(() => {});
    await under.close();
    await server.stop();
  });

  it('says that the name belongs to another program, touches nothing, and begins when it is free', async () => {
    const { stream } = under.config;
    await under.raw('', 'DEL', stream, foundingKey(stream));
    await under.raw('', 'RPUSH', stream, 'a vote of the example voting app');
    const consumer = await under.consumer('first');
    await expect(consumer.read(10, 10)).rejects.toMatchObject({ code: 'queue_foreign' });
    const queue = createRedisQueue(under.config, () => {});
    await expect(queue.check()).rejects.toMatchObject({ code: 'queue_foreign' });
    // to a voter it is an outage like any other
    await expect(under.queue.append(vote('v1'))).rejects.toMatchObject(unavailable);
    await vi.waitFor(() => expect(under.errors.map(String).join()).toContain('WRONGTYPE'), {
      timeout: 10_000,
    });
    expect(await under.raw('', 'LLEN', stream)).toBe(1);
    await queue.close();

    await under.raw('', 'DEL', stream);
    await vi.waitFor(() => under.queue.append(vote('v1')), { timeout: 10_000, interval: 50 });
    expect(await votersRead(consumer, 1)).toEqual(['v1']);
  });

  it('delivers what was acknowledged right before the server was killed', async () => {
    await under.queue.append(vote('v1'));
    await server.kill();
    await server.restart();
    expect(await votersRead(await under.consumer('first'), 1)).toEqual(['v1']);
  });

  it('loses no acknowledged vote, however often the server is killed', async () => {
    const acknowledged: string[] = [];
    let over = false;
    let allCast = false;
    const casting = Array.from({ length: 20 }, async (_, caller) => {
      for (let round = 0; !over; round++) {
        const voter = `v${caller}-${round}`;
        await under.queue.append(vote(voter)).then(
          () => acknowledged.push(voter),
          () => pause(5),
        );
      }
    });
    const received = new Set<string>();
    const consumer = await under.consumer('first');
    const counting = (async () => {
      while (!allCast || acknowledged.some((voter) => !received.has(voter))) {
        const deliveries = await consumer.read(100, 50).catch(() => pause(20, []));
        await persist(() => consumer.ack(deliveries));
        for (const { voter } of deliveries) received.add(voter);
      }
    })();
    for (let kills = 0; kills < 3; kills++) {
      const before = acknowledged.length;
      await until(() => acknowledged.length > before + 50);
      await server.kill();
      await server.restart();
      await works(under.queue);
    }
    over = true;
    await Promise.all(casting);
    allCast = true;
    await counting;
    expect(acknowledged.filter((voter) => !received.has(voter))).toEqual([]);
  });

  it('knows exactly how many votes wait, however often the server is killed', async () => {
    const { stream } = under.config;
    const consumer = await under.consumer('first');
    let over = false;
    let appended = 0;
    const casting = Array.from({ length: 20 }, async (_, caller) => {
      for (let round = 0; !over; round++) {
        await under.queue.append(vote(`v${caller}-${round}`)).then(
          () => appended++,
          () => pause(5),
        );
      }
    });
    const counting = (async () => {
      while (!over) {
        const deliveries = await consumer.read(60, 50).catch(() => pause(20, []));
        // some entries whole, some in part, some not at all
        await consumer.ack(deliveries.slice(0, 45)).catch(() => {});
        await pause(10);
      }
    })();
    for (let kills = 0; kills < 4; kills++) {
      const before = appended;
      await until(() => appended > before + 100);
      await server.kill();
      await server.restart();
      await works(under.queue);
    }
    over = true;
    await Promise.all([...casting, counting]);

    const sizes = new Map((await votesStored(under)).map(({ id, voters }) => [id, voters.length]));
    const [group] = (await under.raw('', 'XINFO', 'GROUPS', stream)) as [{ 'last-delivered-id': string }];
    const range = ['-', '+', '100000'];
    const held = (await under.raw('', 'XPENDING', stream, 'tally', ...range)) as [string][];
    const after = `(${group['last-delivered-id']}`;
    const undelivered = (await under.raw('', 'XRANGE', stream, after, '+')) as [string][];
    const ids = [...held, ...undelivered].map(([id]) => id);
    const votes = ids.reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0);
    expect(votes).toBeGreaterThan(0);
    expect(Number(await under.raw('', 'GET', waitingKey(stream)))).toBe(votes);
  });

  it('answers in time while the server hangs, and goes on by itself when it is back', async () => {
    await under.queue.append(vote('v1'));
    await server.pause();
    const started = Date.now();
    await expect(under.queue.append(vote('v2'))).rejects.toMatchObject(unavailable);
    expect(Date.now() - started).toBeLessThan(2_500);
    const second = Date.now();
    await expect(under.queue.append(vote('v3'))).rejects.toMatchObject(unavailable);
    // at once, not after another deadline
    expect(Date.now() - second).toBeLessThan(1_000);
    await pause(100);
    await server.resume();
    await works(under.queue);
    // v2 reached Redis, but later than its voter waited; v3 was refused before it was sent.
    const stored = await votersStored(under);
    expect(stored).toContain('v1');
    expect(stored.filter((voter) => voter === 'v2' || voter === 'v3')).toEqual([]);
  });

  it('forgets what it could not send in time', async () => {
    await under.queue.append(vote('v1'));
    await server.pause();
    const many = Array.from({ length: 3_000 }, () => under.queue.append(vote('late', 'x'.repeat(10_000))));
    const results = await Promise.allSettled(many);
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    await server.resume();
    await works(under.queue);
    await pause(200);
    // The sockets' buffers had taken some of it, which Redis then found to be too late.
    expect(await votersStored(under)).not.toContain('late');
  });

  it('replaces its connection while the server hangs for long', async () => {
    await under.queue.append(vote('v1'));
    await server.pause();
    await expect(under.queue.append(vote('v2'))).rejects.toMatchObject(unavailable);
    await until(() => under.errors.some(({ message }) => /timeout/i.test(message)));
    await server.resume();
    await works(under.queue);
  });

  it('refuses at once while there is no server, and sends nothing of that later', async () => {
    await under.queue.append(vote('v1'));
    await server.kill();
    await until(() => under.errors.length > 0);
    const started = Date.now();
    for (let i = 0; i < 50; i++) {
      await expect(under.queue.append(vote('refused'))).rejects.toMatchObject(unavailable);
    }
    // at once, all fifty
    expect(Date.now() - started).toBeLessThan(10 * under.config.deadlineMs);
    await server.restart();
    await works(under.queue);
    await pause(100);
    expect(await votersStored(under)).not.toContain('refused');
  });

  it('says it is full when Redis is, and takes votes again when there is room', async () => {
    const consumer = await under.consumer('first');
    expect(await consumer.read(1, 10)).toEqual([]);
    await under.raw('', 'CONFIG', 'SET', 'maxmemory', '4mb');
    const large = vote('v1', 'x'.repeat(10_000));
    const fill = async () => {
      for (let i = 0; i < 1_000; i++) await under.queue.append(large);
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'queue_full',
      cause: { message: expect.stringMatching(/^OOM/) },
    });
    await under.raw('', 'CONFIG', 'SET', 'maxmemory', '100mb');
    await under.queue.append(large);
    // Counting makes room too, even while Redis is full.
    await under.raw('', 'CONFIG', 'SET', 'maxmemory', '4mb');
    await expect(fill()).rejects.toMatchObject({ code: 'queue_full' });
    await until(async () => {
      await consumer.ack(await consumer.read(100, 50));
      return under.queue.append(large).then(
        () => true,
        () => false,
      );
    });
  });

  it('says that a poll could not be closed while Redis is away, and closes it when it is back', async () => {
    const closed = { ...openGate('main'), closed: true };
    await server.kill();
    await expect(under.announcements.gates.post(closed)).rejects.toMatchObject(unavailable);
    await server.restart();
    await works(under.queue);
    await until(() =>
      under.announcements.gates.post(closed).then(
        () => true,
        () => false,
      ),
    );
    await expect(under.queue.append(vote('late'))).rejects.toMatchObject({ code: 'poll_closed' });
  });

  it('closes a poll although Redis is full', async () => {
    await under.raw('', 'CONFIG', 'SET', 'maxmemory', '1');
    await expect(under.queue.append(vote('v1'))).rejects.toMatchObject({ code: 'queue_full' });
    const seals = await under.announcements.gates.post({ ...openGate('main'), closed: true });
    expect(seals).not.toContain(undefined);
    await expect(under.queue.append(vote('v1'))).rejects.toMatchObject({ code: 'poll_closed' });
  });

  it('looks for the master again when it is connected to a replica', async () => {
    await under.consumer('founds the stream again, because this is another master now');
    await under.queue.append(vote('v1'));
    await under.raw('', 'REPLICAOF', '127.0.0.1', '1');
    const connected = () => connectionsMade(under);
    const before = await connected();
    await pause(1_100);
    await expect(under.queue.append(vote('v2'))).rejects.toMatchObject({
      ...unavailable,
      cause: { message: expect.stringMatching(/^READONLY/) },
    });
    await until(async () => (await connected()) > before);
    await under.raw('', 'REPLICAOF', 'NO', 'ONE');
    await works(under.queue);
  });

  it('keeps reading over a restart of the server', async () => {
    const consumer = await under.consumer('first');
    const waiting = expect(consumer.read(10, 5_000)).rejects.toMatchObject(unavailable);
    await pause(100);
    await server.kill();
    await waiting;
    await expect(consumer.read(10, 100)).rejects.toMatchObject(unavailable);
    await expect(consumer.backlog()).rejects.toMatchObject(unavailable);
    await server.restart();
    await works(under.queue);
    expect(await votersRead(consumer, 1)).toEqual(['back']);
  });
});

describe.runIf(ownRedis)('redis queue on a bad line', () => {
  it('replaces a connection on which nothing comes back any more', async () => {
    const server = await startRedis();
    const line = await openLine(server.port);
    const under = await openRedis(server.url, { port: line.port, deadlineMs: 300 });
    try {
      const consumer = await under.consumer('first');
      await works(under.queue, 'v1');
      expect(await votersRead(consumer, 1)).toEqual(['v1']);
      // the connections there are go dead, without anybody being told; new ones work
      line.become({ toServer: lose, toClient: lose });
      line.heal();
      await expect(under.queue.append(vote('v2'))).rejects.toMatchObject(unavailable);
      await works(under.queue);
      await votersRead(consumer, 1);
    } finally {
      await under.close();
      await line.close();
      await server.stop();
    }
  });

  it('delivers again what Redis gave out in an answer that was lost', async () => {
    const server = await startRedis();
    const line = await openLine(server.port);
    const under = await openRedis(server.url, { deadlineMs: 1_000, claimIdleMs: 60_000 });
    try {
      const consumer = await under.consumer('first', { port: line.port });
      expect(await consumer.read(1, 10)).toEqual([]);
      let voter: string;
      let tries = 0;
      do {
        voter = `v${++tries}`;
        line.become({ toServer: pass, toClient: lose });
        line.heal();
        await works(under.queue, voter);
      } while (!(await isLost()));
      expect(await votersRead(consumer, 1)).toEqual([voter]);

      /** Whether the answer with the vote did not come; on a busy machine the consumer has a new connection by then. */
      async function isLost(): Promise<boolean> {
        const came: Delivery[] = [];
        await until(async () => {
          came.push(...(await consumer.read(10, 300).catch(() => [])));
          const [pending] = (await under.raw('', 'XPENDING', under.config.stream, 'tally')) as [number];
          return pending > 0;
        });
        await persist(() => consumer.ack(came));
        return came.length === 0;
      }
    } finally {
      await under.close();
      await line.close();
      await server.stop();
    }
  });

  it.each([
    ['at once', 0],
    ['slowly', 1_000],
  ])('takes a vote that comes late for none, also when the one before came %s', async (_, slowMs) => {
    const server = await startRedis();
    const line = await openLine(server.port);
    const under = await openRedis(server.url, { deadlineMs: 2_000 });
    const queue = createRedisQueue({ ...under.config, port: line.port }, () => {});
    try {
      const consumer = await under.consumer('first');
      await works(queue, 'other');
      line.become({ toServer: { kind: 'delay', ms: slowMs }, toClient: pass });
      await queue.append(vote('v1', 'a'));
      line.become({ toServer: hold, toClient: pass });
      await expect(queue.append(vote('v1', 'b'))).rejects.toMatchObject(unavailable);
      await under.queue.append(vote('v1', 'c'));
      line.heal();
      await works(queue, 'other');
      expect(await choicesOf('v1', consumer)).toEqual(['a', 'c']);
    } finally {
      await queue.close();
      await under.close();
      await line.close();
      await server.stop();
    }
  });

  it('takes the first vote of all for none as well when it comes late', async () => {
    const server = await startRedis();
    const line = await openLine(server.port);
    const under = await openRedis(server.url, { deadlineMs: 1_000 });
    const queue = createRedisQueue({ ...under.config, port: line.port }, () => {});
    try {
      // so that Redis knows the script, as it does when another vote service runs already
      await under.queue.append(vote('other'));
      await persist(() => queue.check());
      line.become({ toServer: hold, toClient: pass });
      await expect(queue.append(vote('late'))).rejects.toMatchObject(unavailable);
      line.heal();
      await works(queue, 'next');
      expect(await votersStored(under)).not.toContain('late');
    } finally {
      await queue.close();
      await under.close();
      await line.close();
      await server.stop();
    }
  });

  it('answers in time those too who wait behind a batch that is slow', async () => {
    const server = await startRedis();
    const line = await openLine(server.port);
    const under = await openRedis(server.url, { deadlineMs: 2_000 });
    const queue = createRedisQueue({ ...under.config, port: line.port }, () => {});
    try {
      await works(queue, 'other');
      line.become({ toServer: { kind: 'delay', ms: 1_500 }, toClient: pass });
      const first = queue.append(vote('v1'));
      await pause(50);
      const started = performance.now();
      const second = expect(queue.append(vote('v2'))).rejects.toMatchObject(unavailable);
      await first;
      line.become({ toServer: hold, toClient: hold });
      await second;
      expect(performance.now() - started).toBeLessThan(3_000);
      line.heal();
      await works(queue, 'next');
      expect(await votersStored(under)).not.toContain('v2');
    } finally {
      await queue.close();
      await under.close();
      await line.close();
      await server.stop();
    }
  });

  it('answers in time although Redis does not know the script on a slow line', async () => {
    const server = await startRedis();
    const line = await openLine(server.port);
    const under = await openRedis(server.url, { deadlineMs: 3_000 });
    const queue = createRedisQueue({ ...under.config, port: line.port }, () => {});
    try {
      await works(queue, 'other');
      await under.raw('', 'SCRIPT', 'FLUSH');
      line.become({ toServer: { kind: 'delay', ms: 2_500 }, toClient: pass });
      const started = performance.now();
      const failed = expect(queue.append(vote('v1'))).rejects.toMatchObject(unavailable);
      // EVALSHA takes nearly all of the time, and EVAL as long again
      await failed;
      expect(performance.now() - started).toBeLessThan(4_500);
    } finally {
      await queue.close();
      await under.close();
      await line.close();
      await server.stop();
    }
  });

  it('gives up very many votes without holding up everything else', async () => {
    const server = await startRedis();
    const under = await openRedis(server.url, { deadlineMs: 1_000 });
    try {
      await under.queue.append(vote('v0'));
      await server.pause();
      const others = countTurns();
      await Promise.allSettled(
        Array.from({ length: 20_000 }, (_, i) => under.queue.append(vote(`v${i}`)).catch(others.note)),
      );
      expect(others.between()).toBeGreaterThan(5);
    } finally {
      await server.resume();
      await under.close();
      await server.stop();
    }
  });

  it('does not say that a vote failed as long as it could still be written', async () => {
    const server = await startRedis();
    const line = await openLine(server.port);
    const under = await openRedis(server.url, { port: line.port, deadlineMs: 1_000 });
    try {
      await works(under.queue);
      line.become({ toServer: hold, toClient: hold });
      const started = performance.now();
      const failed = expect(under.queue.append(vote('v1'))).rejects.toMatchObject(unavailable);
      await pause(100);
      line.cut();
      await failed;
      expect(performance.now() - started).toBeGreaterThan(990);
      expect(performance.now() - started).toBeLessThan(2_500);
    } finally {
      await under.close();
      await line.close();
      await server.stop();
    }
  });

  it('may be started before Redis', async () => {
    const port = await freePort();
    const errors: Error[] = [];
    const config = { ...redisDefaults, ...parseRedisUrl(`redis://127.0.0.1:${port}`) };
    const queue = createRedisQueue(config, (error) => errors.push(error));
    await expect(queue.append(vote('v1'))).rejects.toMatchObject({
      ...unavailable,
      cause: { cause: { code: 'ECONNREFUSED' } },
    });
    const server = await startRedis({ port });
    try {
      await foundStreams(config);
      await works(queue);
    } finally {
      await queue.close();
      await server.stop();
    }
  });
});

describe.runIf(ownRedis)('redis queue when a node of the cluster fails', () => {
  let cluster: RedisCluster;
  let under: RedisUnderTest;
  beforeEach(async () => {
    cluster = await startRedisCluster();
    under = await openRedis(cluster.url, { partitions: 4, cluster: true });
  });
  afterEach(async () => {
    await under.close();
    await cluster.stop();
  });

  it('goes on with the partitions on the other nodes, and with all when it is back', async () => {
    const voters = Array.from({ length: 40 }, (_, i) => `v${i}`);
    const consumer = await under.consumer('first');
    await Promise.all(voters.map((voter) => under.queue.append(vote(voter))));
    expect((await votersRead(consumer, 40)).sort()).toEqual(voters.toSorted());
    const dead = cluster.nodes[2] as RedisServer;
    await dead.kill();
    await pause(500);

    const started = Date.now();
    const results = await Promise.allSettled(voters.map((voter) => under.queue.append(vote(voter))));
    expect(Date.now() - started).toBeLessThan(2_500);
    const accepted = voters.filter((_, i) => results[i]?.status === 'fulfilled');
    expect(accepted.length).toBeGreaterThan(10);
    expect(accepted.length).toBeLessThan(40);
    expect((await votersRead(consumer, accepted.length)).sort()).toEqual(accepted.toSorted());

    await dead.restart();
    for (const voter of voters) await works(under.queue, voter);
    expect((await votersRead(consumer, 40)).sort()).toEqual(voters.toSorted());
  });

  it('finds a node that was down when the service started', async () => {
    const dead = cluster.nodes[1] as RedisServer;
    await dead.kill();
    const late = await openRedis(cluster.url, { partitions: 4, cluster: true, deadlineMs: 200 }, false);
    await late.consumer('founds what is there');
    try {
      const voters = Array.from({ length: 20 }, (_, i) => `v${i}`);
      await until(async () => {
        const results = await Promise.allSettled(voters.map((voter) => late.queue.append(vote(voter))));
        return results.some(({ status }) => status === 'fulfilled');
      });
      await dead.restart();
      for (const voter of voters) await works(late.queue, voter);
    } finally {
      await late.close();
    }
  });
});

/** How often the event loop turned between the first and the last call of `note`. */
function countTurns() {
  let turns = 0;
  const noted: number[] = [];
  const turn = () => {
    turns++;
    if (counting) setImmediate(turn);
  };
  let counting = true;
  setImmediate(turn);
  return {
    note: () => void noted.push(turns),
    between() {
      counting = false;
      return (noted.at(-1) ?? 0) - (noted[0] ?? 0);
    },
  };
}

function vote(voter: string, option = 'a') {
  return { poll: 'main', voter, option };
}

/** Resolves once the queue takes a vote of this voter. */
async function works(queue: VoteQueue, voter = 'back'): Promise<void> {
  await persist(() => queue.append(vote(voter)));
}

async function persist(act: () => Promise<void>): Promise<void> {
  await until(() =>
    act().then(
      () => true,
      () => false,
    ),
  );
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    expect(Date.now(), 'still waiting').toBeLessThan(deadline);
    await pause(20);
  }
}

/** Reads and acknowledges until `count` votes of different voters have come; redelivery is allowed. */
async function votersRead(consumer: VoteConsumer, count: number): Promise<string[]> {
  const voters = new Set<string>();
  await until(async () => {
    const deliveries = await consumer.read(100, 100).catch((): Delivery[] => []);
    for (const { voter } of deliveries) voters.add(voter);
    await persist(() => consumer.ack(deliveries));
    return voters.size >= count;
  });
  return [...voters];
}

/** What this voter chose, in the order of counting. Reads and acknowledges until nothing more comes. */
async function choicesOf(voter: string, consumer: VoteConsumer): Promise<string[]> {
  const deliveries = await consumer.read(100, 300);
  await consumer.ack(deliveries);
  if (deliveries.length === 0) return [];
  const own = deliveries.filter((delivery) => delivery.voter === voter);
  return [...own.map(({ option }) => option), ...(await choicesOf(voter, consumer))];
}

async function votersStored(under: RedisUnderTest): Promise<string[]> {
  return (await votesStored(under)).flatMap(({ voters }) => voters);
}

/** The entries that lie in the stream, and whose votes they hold. */
async function votesStored({ raw, config }: RedisUnderTest) {
  const entries = (await raw('', 'XRANGE', config.stream, '-', '+')) as [string, string[]][];
  return entries.map(([id, fields]) => ({ id, voters: votesIn(fields).map(({ voter }) => voter) }));
}

async function connectionsMade({ raw }: RedisUnderTest): Promise<number> {
  return Number(/total_connections_received:(\d+)/.exec(String(await raw('', 'INFO', 'stats')))?.[1]);
}
