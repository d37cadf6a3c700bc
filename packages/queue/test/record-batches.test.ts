import { castAt, type Delivery, entryAt, sequenceAt } from '@voting/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { foundStreams } from '../../../tests/servers/founded-streams.ts';
import { type RedisServer, startRedis } from '../../../tests/servers/redis.ts';
import { foundingKey, waitingKey } from '../src/redis/streams.ts';
import { readAll } from './read-all.ts';
import { openRedis, type RedisUnderTest } from './redis-under-test.ts';

type Entry = readonly [id: string, fields: readonly string[]];

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server?.stop());

describe('record batches', () => {
  let under: RedisUnderTest;
  let stream: string;
  beforeEach(async () => {
    under = await openRedis(server.url, { deadlineMs: 20_000 });
    stream = under.config.stream;
  });
  afterEach(() => under.close());

  const entries = async () => (await under.raw(stream, 'XRANGE', stream, '-', '+')) as readonly Entry[];
  const append = (...votes: Parameters<typeof vote>[]) =>
    Promise.all(votes.map((one) => under.queue.append(vote(...one))));

  it('hold the votes of one poll that leave together, a line for each', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await Promise.all([
      under.queue.append(vote('v1', 'a')),
      under.queue.append(vote('v2', 'b', 'other')),
      under.queue.append({ ...vote('v3', 'b'), traceparent }),
      under.queue.append(vote('v1', 'b')),
    ]);
    expect((await entries()).map(([, fields]) => fields)).toEqual([
      ['format', '1', 'poll', 'main', 'votes', `v1 a\nv3 b ${traceparent}\nv1 b\n`],
      ['format', '1', 'poll', 'other', 'votes', 'v2 b\n'],
    ]);
  });

  it('hold some hundred votes at most, and some kilobytes', async () => {
    await append(...Array.from({ length: 1_100 }, (_, i) => [`v${i}`] as [string]));
    const many = (await entries()).map(([, fields]) => linesOf(fields));
    expect(Math.max(...many)).toBe(500);
    expect(many.reduce((sum, lines) => sum + lines)).toBe(1_100);
    await under.raw(stream, 'XTRIM', stream, 'MAXLEN', '0');
    await append(...Array.from({ length: 1_000 }, (_, i) => [`${'v'.repeat(60)}${i}`] as [string]));
    for (const [, fields] of await entries()) expect(fields[5]?.length).toBeLessThan(16_100);
  });

  it('that others have written are read line by line, whatever a line lacks', async () => {
    const add = (votes: string) =>
      under.raw(stream, 'XADD', stream, '*', 'format', '1', 'poll', 'main', 'votes', votes);
    await add('');
    await add('v1 a\n\nnonsense');
    const deliveries = await readAll(await under.consumer('first'), 4);
    expect(deliveries.map(({ poll, voter, option }) => [poll, voter, option])).toEqual([
      ['main', '', ''],
      ['main', 'v1', 'a'],
      ['main', '', ''],
      ['main', 'nonsense', ''],
    ]);
  });

  it('give each vote the place of its entry and its own place in that', async () => {
    await append(['v1'], ['v2'], ['v3']);
    await append(['v1']);
    const [first, second] = (await entries()) as [Entry, Entry];
    const deliveries = await readAll(await under.consumer('first'), 4);
    expect(deliveries.map(({ voter, sequence }) => [voter, sequence])).toEqual([
      ['v1', placeOf(first, 0)],
      ['v2', placeOf(first, 1)],
      ['v3', placeOf(first, 2)],
      ['v1', placeOf(second, 0)],
    ]);
  });

  it('keep out of the next millisecond while the clock stands behind the stream', async () => {
    const ahead = Date.now() + 3_600_000;
    await under.raw(stream, 'XSETID', stream, `${ahead}-2044`);
    for (let i = 0; i < 6; i++) await append([`v${i}`]);
    expect((await entries()).map(([id]) => id)).toEqual([
      ...[2045, 2046, 2047].map((counter) => `${ahead}-${counter}`),
      ...[1, 2, 3].map((counter) => `${ahead + 1}-${counter}`),
    ]);
    // as far as a stream of the first version may have counted
    await under.raw(stream, 'XSETID', stream, `${ahead + 1}-5000000`);
    for (let i = 0; i < 3; i++) await append([`w${i}`]);
    const deliveries = await readAll(await under.consumer('first'), 9);
    const sequences = deliveries.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((one, other) => (one < other ? -1 : 1)));
    expect(new Set(sequences).size).toBe(9);
    const [id] = (await entries()).at(-1) as Entry;
    expect(Number(id.split('-')[1])).toBeLessThan(10);
  });

  it('go on above what is stored, whichever entry of its millisecond it came from', async () => {
    const stored = sequenceAt(Date.now() + 3_600_000, 77, 200);
    await foundStreams({ ...under.config, deadlineMs: 20_000 }, stored);
    await append(['v1']);
    const [{ sequence }] = (await readAll(await under.consumer('first'), 1)) as [Delivery];
    expect(sequence).toBeGreaterThan(stored);
    expect([castAt(sequence), entryAt(sequence)]).toEqual([castAt(stored), 78]);
  });

  describe('and the entries of the first version', () => {
    /** As its vote service appended them, and nobody counted what waits. */
    async function appendAsBefore(...voters: string[]): Promise<readonly string[]> {
      const ids: string[] = [];
      for (const voter of voters) {
        const fields = ['poll', 'main', 'voter', voter, 'option', 'a'];
        ids.push(String(await under.raw(stream, 'XADD', stream, '*', ...fields)));
      }
      return ids;
    }

    it('are one vote each, with the sequence that it had then', async () => {
      const ids = await appendAsBefore('v1', 'v2');
      const deliveries = await readAll(await under.consumer('first'), 2);
      expect(deliveries).toMatchObject([vote('v1'), vote('v2')]);
      expect(deliveries.map(({ sequence }) => sequence)).toEqual(
        ids.map((id) => sequenceAt(Number(id.split('-')[0]), 0, Number(id.split('-')[1]))),
      );
    });

    it('lie below what comes after them, in the same millisecond too', async () => {
      const ahead = Date.now() + 3_600_000;
      await under.raw(stream, 'XSETID', stream, `${ahead}-700`);
      await appendAsBefore('v1');
      await append(['v1']);
      const [before, after] = (await readAll(await under.consumer('first'), 2)) as [Delivery, Delivery];
      expect(after.sequence).toBeGreaterThan(before.sequence);
    });

    it('are counted when a worker founds the stream that knows how many wait', async () => {
      const old = await under.consumer('old', { claimIdleMs: 60_000 });
      await appendAsBefore('v1', 'v2', 'v3', 'v4', 'v5');
      const [done, ...held] = await readAll(old, 3, 3);
      await old.ack([done as Delivery]);
      await old.close();
      await append(['w1'], ['w2'], ['w3']);
      await under.raw(stream, 'DEL', waitingKey(stream), foundingKey(stream));
      const consumer = await under.consumer('new');
      await expect
        .poll(async () => (await consumer.backlog()).pending, { timeout: 10_000 })
        .toBe(held.length + 2 + 3);
    });
  });

  it('are taken off what waits once, however often they are acknowledged', async () => {
    const consumer = await under.consumer('first');
    await append(['v1'], ['v2'], ['v3']);
    const deliveries = await readAll(consumer, 3);
    for (let time = 0; time < 3; time++) await consumer.ack(deliveries);
    expect(await under.raw(stream, 'GET', waitingKey(stream))).toBe('0');
  });

  it('are counted again when the group was lost, and come again', async () => {
    const consumer = await under.consumer('first');
    await append(['v1'], ['v2'], ['v3']);
    await append(['v4'], ['v5']);
    const deliveries = await readAll(consumer, 5);
    await consumer.ack(deliveries.slice(0, 3));
    expect((await consumer.backlog()).pending).toBe(2);
    await under.raw(stream, 'XGROUP', 'DESTROY', stream, 'tally');
    const again = await readAll(consumer, 5);
    expect((await consumer.backlog()).pending).toBe(5);
    await consumer.ack(again);
    expect((await consumer.backlog()).pending).toBe(0);
  });
});

function vote(voter: string, option = 'a', poll = 'main') {
  return { poll, voter, option };
}

function linesOf(fields: readonly string[]): number {
  return String(fields[5]).split('\n').length - 1;
}

function placeOf([id]: Entry, index: number): bigint {
  const [ms, counter] = id.split('-').map(Number) as [number, number];
  return sequenceAt(ms, counter, index);
}
