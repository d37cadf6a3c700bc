import { type Delivery, sequenceAt, type VoteConsumer } from '@voting/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRedis, type RedisUnderTest } from '../../packages/queue/test/redis-under-test.ts';
import { run } from '../../tests/product.ts';
import { foundStreamsAt } from '../../tests/servers/founded-streams.ts';
import { ownRedis, type RedisServer, startRedis } from '../../tests/servers/redis.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server?.stop());

async function replay(args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  for (;;) {
    const ended = await run('tools/src/replay.ts', args, { REDIS_URL: server.url, ...env });
    // as it may say of a machine that is busy with other tests, before it has changed anything
    if (env.REDIS_URL !== undefined || ended.output !== 'Redis did not answer in 1500 ms\n') return ended;
  }
}

// it uses the streams that services use, which other tests have on a server of theirs
describe.runIf(ownRedis)('npm run replay', { timeout: 60_000 }, () => {
  let under: RedisUnderTest;
  let consumer: VoteConsumer;
  beforeEach(async () => {
    under = await openRedis(server.url, { stream: 'votes' });
    await under.raw('', 'FLUSHALL');
    consumer = await under.consumer('first');
    return () => under.close();
  });

  async function next(): Promise<Delivery> {
    return vi.waitFor(
      async () => {
        const [delivery] = await consumer.read(1, 100);
        expect(delivery).toBeDefined();
        return delivery as Delivery;
      },
      { timeout: 10_000 },
    );
  }

  async function append(voter: string, option: string): Promise<void> {
    await vi.waitFor(() => under.queue.append({ poll: 'main', voter, option }), { timeout: 10_000 });
  }

  it('puts votes back with the place they had, however often they are set aside', async () => {
    await append('v1', 'z');
    const first = await next();
    await consumer.bury(first, 'unknown option');
    await append('v1', 'a');
    const later = await next();
    await consumer.ack([later]);
    for (let round = 0; round < 2; round++) {
      const { code, output } = await replay();
      expect(output).toContain('1 set aside: unknown option');
      expect(output).toContain('1 put back.');
      expect(code).toBe(0);
      const again = await next();
      expect(again).toMatchObject({
        poll: 'main',
        voter: 'v1',
        option: 'z',
        sequence: first.sequence,
        again: true,
      });
      expect(again.sequence).toBeLessThan(later.sequence);
      await consumer.bury(again, 'unknown option');
    }
    expect(await under.buried()).toEqual([
      { sequence: String(first.sequence), reason: 'unknown option', poll: 'main', voter: 'v1', option: 'z' },
    ]);
    expect((await consumer.backlog()).pending).toBe(0);
  });

  it('puts back what the first version has set aside, with the place it had', async () => {
    const [place, reason] = ['1700000000000-5', 'unknown option'];
    const fields = ['poll', 'main', 'voter', 'v1', 'option', 'z'];
    await under.raw('', 'XADD', 'votes:dead', '*', 'entry', place, 'reason', reason, ...fields);
    await foundStreamsAt(server.url);
    expect((await replay()).output).toContain('1 put back.');
    const again = await next();
    expect(again).toMatchObject({ voter: 'v1', option: 'z', sequence: sequenceAt(1_700_000_000_000, 0, 5) });
    expect((await consumer.backlog()).pending).toBe(1);
    await consumer.ack([again]);
    expect((await consumer.backlog()).pending).toBe(0);
    expect(await under.raw('', 'GET', '{votes}:waiting')).toBe('0');
  });

  it('takes those with a reason only, and a list changes nothing', async () => {
    for (const [voter, reason] of [
      ['v1', 'unknown option'],
      ['v2', 'unknown poll'],
    ] as const) {
      await append(voter, 'a');
      await consumer.bury(await next(), reason);
    }
    expect((await replay(['--list'])).output).toMatch(
      /1 set aside: unknown option\n1 set aside: unknown poll\n$/,
    );
    expect((await replay(['--reason', 'unknown poll'])).output).toContain('1 put back.');
    expect(await next()).toMatchObject({ voter: 'v2' });
    expect(await under.buriedReasons()).toEqual(['unknown option']);
  });

  it('puts what was set aside before the voters were spread into the partition that has them now', async () => {
    await append('v1', 'z');
    const first = await next();
    await consumer.bury(first, 'unknown option');
    const four = await openRedis(server.url, { stream: 'votes', partitions: 4 });
    try {
      expect((await replay([], { QUEUE_PARTITIONS: '4' })).output).toContain('1 put back.');
      const spread = await four.consumer('second');
      await vi.waitFor(
        async () =>
          expect(await spread.read(10, 100)).toMatchObject([{ voter: 'v1', sequence: first.sequence }]),
        { timeout: 10_000 },
      );
    } finally {
      await four.close();
    }
  });

  it('says that there is nothing, and what is wrong when Redis does not answer', async () => {
    expect(await replay()).toMatchObject({ code: 0, output: 'No vote is set aside.\n' });
    const { code, output } = await replay([], { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(code).toBe(1);
    expect(output).toMatch(/ECONNREFUSED/);
  });
});
