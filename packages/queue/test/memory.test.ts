import {
  describeDefinitions,
  describeGates,
  describeVoteQueue,
  openGate,
  type QueueUnderTest,
} from '@voting/core/testing';
import { createMemoryQueue, type MemoryQueue, type MemoryQueueConfig } from '@voting/queue/memory';
import { describe, expect, it } from 'vitest';

const config = { capacity: 1_000, deadlineMs: 10_000, after: 0n };

async function openEmpty(): Promise<QueueUnderTest> {
  const queue = createMemoryQueue(config);
  return {
    queue,
    announcements: queue.announcements,
    directory: async () => queue.directory,
    consumer: async () => queue.consumer(),
    buriedReasons: async () => queue.buried.map(({ reason }) => reason),
    close: async () => {},
  };
}

describeVoteQueue('memory', openEmpty);
describeGates('memory', openEmpty);
describeDefinitions('memory', openEmpty);

/** With a poll that takes votes. */
function openQueue(config: MemoryQueueConfig): MemoryQueue {
  const queue = createMemoryQueue(config);
  void queue.announcements.gates.post(openGate('main'));
  return queue;
}

describe('memory queue', () => {
  const vote = { poll: 'main', voter: 'v1', option: 'a' };

  it('resolves an append only when the vote is acknowledged', async () => {
    const queue = openQueue(config);
    const consumer = queue.consumer();
    let settled = false;
    const appended = queue.append(vote).then(() => {
      settled = true;
    });
    const deliveries = await consumer.read(1, 100);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(settled).toBe(false);
    await consumer.ack(deliveries);
    await appended;
  });

  it('gives out together what arrives together, also to a consumer that already waits', async () => {
    const queue = openQueue(config);
    const consumer = queue.consumer();
    const reading = consumer.read(100, 1_000);
    const appended = [queue.append(vote)];
    await Promise.resolve();
    for (let n = 0; n < 9; n++) appended.push(queue.append(vote));
    const deliveries = await reading;
    expect(deliveries).toHaveLength(10);
    await consumer.ack(deliveries);
    await Promise.all(appended);
  });

  it('refuses one more than it has room for', async () => {
    const queue = openQueue({ ...config, capacity: 1 });
    const first = queue.append(vote);
    await expect(queue.append(vote)).rejects.toMatchObject({ code: 'queue_full' });
    const consumer = queue.consumer();
    await consumer.ack(await consumer.read(1, 100));
    await first;
  });

  it('withdraws a vote that nobody takes in time, so that "not counted" stays true', async () => {
    const queue = openQueue({ ...config, deadlineMs: 30 });
    await expect(queue.append(vote)).rejects.toMatchObject({ code: 'queue_unavailable' });
    expect(await queue.consumer().read(1, 10)).toEqual([]);
  });

  it('gives up very many votes without holding up everything else', async () => {
    const queue = openQueue({ ...config, capacity: 100_000, deadlineMs: 50 });
    let [turns, first, last] = [0, 0, 0];
    const counting = setInterval(() => {}, 60_000);
    const turn = () => {
      turns++;
      if (counting.hasRef()) setImmediate(turn);
    };
    setImmediate(turn);
    const given = Array.from({ length: 50_000 }, () =>
      queue.append(vote).catch(() => {
        first ||= turns;
        last = turns;
      }),
    );
    await Promise.all(given);
    clearInterval(counting);
    counting.unref();
    expect(last - first).toBeGreaterThan(20);
    expect(await queue.consumer().backlog()).toMatchObject({ pending: 0 });
  });

  it('keeps the latest of what was set aside', async () => {
    const queue = openQueue({ ...config, capacity: 10_000 });
    const consumer = queue.consumer();
    const appended = Array.from({ length: 1_200 }, () => queue.append(vote).catch(() => {}));
    for (const delivery of await consumer.read(1_200, 100)) await consumer.bury(delivery, 'bad');
    await Promise.all(appended);
    expect((await consumer.backlog()).deadLetters).toBe(1_000);
  });

  it('numbers on from what the store holds, even when the clock is behind it', async () => {
    const future = BigInt(Date.now() + 3_600_000) << 20n;
    const queue = openQueue({ ...config, after: future });
    const appended = queue.append(vote);
    const consumer = queue.consumer();
    const deliveries = await consumer.read(1, 100);
    expect(deliveries[0]?.sequence).toBe(future + 1n);
    await consumer.ack(deliveries);
    await appended;
  });
});
