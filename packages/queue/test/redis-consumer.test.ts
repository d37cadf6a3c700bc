import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { castAt, type Delivery, entryAt, type VoteConsumer } from '@voting/core';
import { connectRedis, deadLetterStream } from '@voting/queue/redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RedisServer, startRedis } from '../../../tests/servers/redis.ts';
import { mostDeadLetters } from '../src/redis/dead-letters.ts';
import { removeGoneConsumers } from '../src/redis/gone-consumers.ts';
import { waitingKey } from '../src/redis/streams.ts';
import { readAll } from './read-all.ts';
import { openRedis, type RedisUnderTest } from './redis-under-test.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server?.stop());

/** A busy machine is no fault of Redis. */
const patient = { deadlineMs: 20_000 };

describe('redis consumer', () => {
  let under: RedisUnderTest;
  let stream: string;
  beforeEach(async () => {
    under = await openRedis(server.url, patient);
    stream = under.config.stream;
  });
  afterEach(async () => {
    await under.close();
    expect(under.errors).toEqual([]);
  });

  it('takes over what a killed consumer held, when that has been long enough', async () => {
    await under.queue.append(vote('v1'));
    const program = fileURLToPath(new URL('holding-consumer.ts', import.meta.url));
    const child = spawn(process.execPath, [program, '--url', server.url, '--stream', stream], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [holds] = await once(child.stdout, 'data');
    const heldAt = Date.now();
    expect(String(holds)).toBe('v1');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const consumer = await under.consumer('second');
    const deliveries = await readAll(consumer, 1);
    expect(deliveries).toMatchObject([vote('v1')]);
    expect(Date.now() - heldAt).toBeGreaterThanOrEqual(under.config.claimIdleMs - 10);
    await consumer.ack(deliveries);
    expect(await consumer.backlog()).toMatchObject({ pending: 0, oldestAgeMs: undefined });
  });

  it('takes over more than one batch of a dead consumer', async () => {
    const voters = Array.from({ length: 250 }, (_, i) => `v${i}`);
    await Promise.all(voters.map((voter) => under.queue.append(vote(voter))));
    const dead = await under.consumer('first');
    await readAll(dead, 250);
    await dead.close();
    const second = await under.consumer('second');
    const deliveries = await readAll(second, 250, 40);
    expect(deliveries.map(({ voter }) => voter).sort()).toEqual(voters.sort());
  });

  it('gets back at once what it held, when it restarts under the same name', async () => {
    for (const voter of ['v1', 'v2', 'v3']) await under.queue.append(vote(voter));
    const before = await under.consumer('same', { claimIdleMs: 60_000 });
    const held = await readAll(before, 2, 2);
    await before.close();
    const after = await under.consumer('same', { claimIdleMs: 60_000 });
    expect((await after.read(10, 100)).map(identity)).toEqual(held.map(identity));
    expect(await after.read(10, 100)).toMatchObject([vote('v3')]);
  });

  it('delivers malformed entries with empty texts for what they lack', async () => {
    await under.raw(stream, 'XADD', stream, '*', 'voter', 'v1', 'unheard', 'of');
    await under.raw(stream, 'XADD', stream, '*', 'option', '\0\n', '', 'x', 'poll', 'main');
    const consumer = await under.consumer('first');
    expect(await readAll(consumer, 2)).toMatchObject([
      { poll: '', voter: 'v1', option: '' },
      { poll: 'main', voter: '', option: '\0\n' },
    ]);
  });

  it('delivers an empty entry for one that was deleted while it was held', async () => {
    await under.queue.append(vote('v1'));
    const before = await under.consumer('same');
    const [held] = await readAll(before, 1);
    await before.close();
    await under.raw(stream, 'XDEL', stream, idOf(held as Delivery));
    const after = await under.consumer('same');
    const [empty] = await readAll(after, 1);
    expect(empty).toMatchObject({ ...identity(held as Delivery), poll: '', voter: '', option: '' });
    await after.bury(empty as Delivery, 'empty');
    expect(await after.backlog()).toMatchObject({ pending: 0, oldestAgeMs: undefined });
    expect(await under.buriedReasons()).toEqual(['empty']);
  });

  it('keeps a buried vote, once, with its place and the reason', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await Promise.all([under.queue.append(vote('v1')), under.queue.append({ ...vote('v2'), traceparent })]);
    const consumer = await under.consumer('first');
    const [, bad] = (await readAll(consumer, 2)) as [Delivery, Delivery];
    await consumer.bury(bad, 'no option');
    await consumer.bury(bad, 'no option');
    expect(await under.buried()).toEqual([
      { sequence: String(bad.sequence), reason: 'no option', ...vote('v2'), traceparent },
    ]);
  });

  it('sets an entry of another format aside as it was, and reads it no vote', async () => {
    const fields = ['format', '2', 'poll', 'main', 'votes', 'unheard of'];
    const id = await under.raw(stream, 'XADD', stream, '*', ...fields);
    const consumer = await under.consumer('first');
    const [unread] = (await readAll(consumer, 1)) as [Delivery];
    expect(unread).toMatchObject({ voter: '', option: '' });
    await consumer.bury(unread, 'malformed voter');
    expect(await under.buried()).toEqual([
      { entry: id, reason: 'malformed voter', format: '2', poll: 'main', votes: 'unheard of' },
    ]);
  });

  it('keeps a buried entry that is no record batch as it was, once, with its id and the reason', async () => {
    const onlyId = await under.raw(stream, 'XADD', stream, '*', 'voter', 'v1', 'unheard', 'of');
    const consumer = await under.consumer('first');
    const [bad] = (await readAll(consumer, 1)) as [Delivery];
    await consumer.bury(bad, 'no option');
    await consumer.bury(bad, 'no option');
    expect(await under.buried()).toEqual([
      { entry: onlyId, reason: 'no option', voter: 'v1', unheard: 'of' },
    ]);
    expect(await consumer.backlog()).toMatchObject({ pending: 0, oldestAgeMs: undefined });
  });

  it('leaves an entry in place when it cannot be copied to the dead letters', async () => {
    await under.queue.append(vote('v1'));
    const consumer = await under.consumer('first');
    const [bad] = (await readAll(consumer, 1)) as [Delivery];
    const dead = deadLetterStream(stream);
    await under.raw(dead, 'SET', dead, 'in the way');
    await expect(consumer.bury(bad, 'bad')).rejects.toMatchObject({ code: 'queue_foreign' });
    const [pending] = (await under.raw(stream, 'XPENDING', stream, 'tally')) as [number];
    expect(pending).toBe(1);
  });

  it('buries what it holds although Redis has been emptied meanwhile', async () => {
    await under.queue.append(vote('v1', 'z'));
    const consumer = await under.consumer('first');
    const [bad] = (await readAll(consumer, 1)) as [Delivery];
    await under.raw(stream, 'DEL', stream);
    await consumer.bury(bad, 'unknown option');
    expect(await under.buried()).toEqual([
      { sequence: String(bad.sequence), reason: 'unknown option', ...vote('v1', 'z') },
    ]);
  });

  it('leaves an entry to come again when Redis has lost only the group', async () => {
    await under.queue.append(vote('v1', 'z'));
    const consumer = await under.consumer('first');
    const [bad] = (await readAll(consumer, 1)) as [Delivery];
    await under.raw(stream, 'XGROUP', 'DESTROY', stream, 'tally');
    await consumer.bury(bad, 'unknown option');
    const [again] = (await readAll(consumer, 1)) as [Delivery];
    await consumer.bury(again, 'unknown option');
    expect(await under.buried()).toMatchObject([{ sequence: String(bad.sequence) }]);
  });

  it('keeps a bounded number of dead letters, the latest, and tells how many', async () => {
    const dead = deadLetterStream(stream);
    const fill = "for i = 1, tonumber(ARGV[1]) do redis.call('XADD', KEYS[1], '*', 'entry', '1-1') end";
    const piece = mostDeadLetters / 20 + 25;
    for (let n = 0; n < 20; n++) await under.raw(dead, 'EVAL', fill, '1', dead, String(piece));
    await under.queue.append(vote('v1', 'z'));
    const consumer = await under.consumer('first');
    const [bad] = (await readAll(consumer, 1)) as [Delivery];
    await consumer.bury(bad, 'unknown option');
    const { deadLetters } = await consumer.backlog();
    expect(deadLetters).toBeGreaterThanOrEqual(mostDeadLetters);
    expect(deadLetters).toBeLessThan(mostDeadLetters + 200);
    const latest = await under.raw(dead, 'XREVRANGE', dead, '+', '-', 'COUNT', '1');
    expect(JSON.stringify(latest)).toContain(String(bad.sequence));
  });

  it('trims what is counted, and only that, and still knows how much waits', async () => {
    const consumer = await under.consumer('first');
    for (let round = 0; round < 5; round++) {
      const appended = Array.from({ length: 1_000 }, (_, i) => under.queue.append(vote(`v${i}`)));
      await Promise.all(appended);
      await consumer.ack(await readAll(consumer, 1_000, 1_000));
    }
    // one after the other, or they would share entries
    for (let i = 0; i < 10; i++) await under.queue.append(vote(`w${i}`));
    const [held, ...others] = await readAll(consumer, 4, 4);
    await consumer.ack(others);
    await expect.poll(() => trimmed(consumer), { timeout: 5_000 }).toBe(10);
    const first = (await under.raw(stream, 'XRANGE', stream, '-', '+', 'COUNT', '1')) as [[string]];
    expect(first[0][0]).toBe(idOf(held as Delivery));
    expect(await under.raw(stream, 'XLEN', stream)).toBe(10);
    expect((await consumer.backlog()).pending).toBe(7);
  });

  /** How many entries are left, after giving the consumer an occasion to trim. */
  async function trimmed(consumer: VoteConsumer): Promise<number> {
    const more = await consumer.read(1, 1);
    await consumer.ack(more.filter(() => false));
    return (await under.raw(stream, 'XLEN', stream)) as number;
  }

  it('goes on when Redis has lost the group, or everything', async () => {
    const consumer = await under.consumer('first');
    await under.queue.append(vote('v1'));
    const held = await readAll(consumer, 1);
    await under.raw(stream, 'XGROUP', 'DESTROY', stream, 'tally');
    expect(await consumer.backlog()).toMatchObject({ pending: 1 });
    expect((await readAll(consumer, 1)).map(identity)).toEqual(held.map(identity));
    await consumer.ack(held);

    const waiting = consumer.read(1, 5_000);
    await under.raw(stream, 'DEL', stream);
    expect(await consumer.backlog()).toMatchObject({ pending: 0, oldestAgeMs: undefined });
    // as soon as it is founded again
    await vi.waitFor(() => under.queue.append(vote('v2')), { timeout: 5_000, interval: 20 });
    const found = await waiting;
    expect(found.length > 0 ? found : await readAll(consumer, 1)).toMatchObject([vote('v2')]);
  });

  it('counts right again what waits after somebody has written and deleted, when nothing waits', async () => {
    const consumer = await under.consumer('first');
    expect(await consumer.read(1, 10)).toEqual([]);
    for (const voter of ['v1', 'v2', 'v3', 'v4']) await under.queue.append(vote(voter));
    const all = (await under.raw(stream, 'XRANGE', stream, '-', '+')) as [string][];
    await under.raw(stream, 'XDEL', stream, String(all[2]?.[0]));
    expect((await consumer.backlog()).pending).toBe(4);
    await consumer.ack(await readAll(consumer, 3));
    expect((await consumer.backlog()).pending).toBe(0);
    await expect.poll(() => under.raw(stream, 'GET', waitingKey(stream)), { timeout: 5_000 }).toBe('0');
    await under.queue.append(vote('v5'));
    expect((await consumer.backlog()).pending).toBe(1);
  });

  it('knows what waits although Redis has lost count of the entries, as it may after a crash', async () => {
    const consumer = await under.consumer('first');
    for (const voter of ['v1', 'v2', 'v3', 'v4']) await under.queue.append(vote(voter));
    await consumer.ack(await readAll(consumer, 4));
    const groups = (await under.raw(stream, 'XINFO', 'GROUPS', stream)) as { 'last-delivered-id': string }[];
    const delivered = String(groups[0]?.['last-delivered-id']);
    await under.raw(stream, 'XGROUP', 'SETID', stream, 'tally', delivered, 'ENTRIESREAD', '1');
    expect(await under.raw(stream, 'XINFO', 'GROUPS', stream)).toMatchObject([{ lag: 3 }]);
    expect(await consumer.backlog()).toMatchObject({ pending: 0, oldestAgeMs: undefined });
  });

  it('removes consumers that are gone, never one that still holds something', async () => {
    const holding = await under.consumer('holding');
    const empty = await under.consumer('empty');
    await under.queue.append(vote('v1'));
    await readAll(holding, 1);
    expect(await empty.read(1, 1)).toEqual([]);
    await holding.close();
    await empty.close();
    const redis = connectRedis(under.config, () => {});
    try {
      await removeGoneConsumers(redis, stream, 'tally', 3_600_000);
      expect(await names()).toEqual(['empty', 'holding']);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await removeGoneConsumers(redis, stream, 'tally', 10);
      expect(await names()).toEqual(['holding']);
    } finally {
      redis.close();
    }
  });

  async function names(): Promise<string[]> {
    const consumers = (await under.raw(stream, 'XINFO', 'CONSUMERS', stream, 'tally')) as { name: string }[];
    return consumers.map(({ name }) => name).sort();
  }
});

describe('redis consumer of several partitions', () => {
  it.each([3, 4, 7])(
    'fills a batch from %i partitions, evenly or from the only one that has votes',
    async (partitions) => {
      const under = await openRedis(server.url, { ...patient, partitions, claimIdleMs: 60_000 });
      try {
        const consumer = await under.consumer('first');
        const hot = 'v0';
        await Promise.all(Array.from({ length: 400 }, () => under.queue.append(vote(hot))));
        expect(await nextBatch(consumer, 100)).toHaveLength(100);
        expect(consumer.hasMore()).toBe(true);
        await countRest(consumer);
        await Promise.all(Array.from({ length: 1_000 }, (_, i) => under.queue.append(vote(`v${i}`))));
        expect(await nextBatch(consumer, 100)).toHaveLength(100);
        expect(consumer.hasMore()).toBe(true);
      } finally {
        await under.close();
      }
    },
  );

  async function countRest(consumer: VoteConsumer): Promise<void> {
    for (let batch = await consumer.read(100, 600); batch.length > 0; batch = await consumer.read(100, 600)) {
      await consumer.ack(batch);
    }
  }

  /** The first batch that comes without waiting: one that is waited for is what came first. */
  async function nextBatch(consumer: VoteConsumer, limit: number): Promise<readonly Delivery[]> {
    const first = await consumer.read(limit, 1_000);
    if (first.length === limit) return first;
    await consumer.ack(first);
    return consumer.read(limit, 1_000);
  }
});

function vote(voter: string, option = 'a') {
  return { poll: 'main', voter, option };
}

/** What stays the same however often it is delivered. */
function identity({ again, waitedMs, receipt, ...delivery }: Delivery) {
  return delivery;
}

/** The id of the entry that the vote lies in. */
function idOf({ sequence }: Delivery): string {
  return `${castAt(sequence)}-${entryAt(sequence)}`;
}
