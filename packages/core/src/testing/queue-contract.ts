import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Announcements } from '../announcing.ts';
import type { Directory } from '../ports/directory.ts';
import type { Delivery, VoteConsumer, VoteQueue } from '../ports/queue.ts';
import type { Vote } from '../vote.ts';
import { openGate } from './open-gate.ts';

/** An empty queue of the adapter under test. */
export interface QueueUnderTest {
  readonly queue: VoteQueue;
  readonly announcements: Announcements;
  /** One that knows all that is known. */
  directory(): Promise<Directory>;
  consumer(name: string): Promise<VoteConsumer>;
  /** The reasons of all entries that were set aside. */
  buriedReasons(): Promise<readonly string[]>;
  /** Closes whatever is still open and removes every trace. */
  close(): Promise<void>;
}

const soon = 20;
const patience = 5_000;

/** What every queue adapter must do; `open` makes a new empty one for each test. */
export function describeVoteQueue(adapter: string, open: () => Promise<QueueUnderTest>): void {
  describe(`VoteQueue contract: ${adapter}`, () => {
    let under: QueueUnderTest;
    let consumer: VoteConsumer;

    beforeEach(async () => {
      under = await open();
      for (const poll of ['main', 'poll-0', 'poll-1', 'poll-2'])
        await under.announcements.gates.post(openGate(poll));
      consumer = await under.consumer('first');
    });
    afterEach(async () => {
      await consumer.close();
      await under.close();
    });

    it('delivers a vote as it was appended', async () => {
      const appended = under.queue.append(vote('v1', 'b'));
      const [delivery] = await readAll(consumer, 1);
      expect(delivery).toMatchObject({ poll: 'main', voter: 'v1', option: 'b' });
      expect(delivery?.sequence).toBeGreaterThan(0n);
      await consumer.ack([delivery as Delivery]);
      await appended;
    });

    it('carries the trace of a vote along, and of no other', async () => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const appended = [vote('v1'), { ...vote('v2'), traceparent }, vote('v3')].map((one) =>
        under.queue.append(one),
      );
      const deliveries = await readAll(consumer, 3);
      expect(new Map(deliveries.map((delivery) => [delivery.voter, delivery.traceparent]))).toEqual(
        new Map([
          ['v1', undefined],
          ['v2', traceparent],
          ['v3', undefined],
        ]),
      );
      await consumer.ack(deliveries);
      await Promise.all(appended);
    });

    it('keeps the order of each voter, with rising sequences', async () => {
      const appended: Promise<void>[] = [];
      for (let round = 0; round < 20; round++) {
        for (const voter of ['v1', 'v2', 'v3']) appended.push(under.queue.append(vote(voter, letter(round))));
      }
      const deliveries = await readAll(consumer, 60);
      for (const voter of ['v1', 'v2', 'v3']) {
        const own = deliveries.filter((delivery) => delivery.voter === voter);
        expect(own.map(({ option }) => option)).toEqual(Array.from({ length: 20 }, (_, i) => letter(i)));
        expect(own.every(({ sequence }, i) => i === 0 || sequence > (own[i - 1] as Delivery).sequence)).toBe(
          true,
        );
      }
      await consumer.ack(deliveries);
      await Promise.all(appended);
    });

    it('delivers at most what was asked for', async () => {
      const appended = ['v1', 'v2', 'v3', 'v4', 'v5'].map((voter) => under.queue.append(vote(voter)));
      const first = await consumer.read(2, patience);
      expect(first.length).toBeGreaterThan(0);
      expect(first.length).toBeLessThanOrEqual(2);
      const rest = await readAll(consumer, 5 - first.length);
      await consumer.ack([...first, ...rest]);
      await Promise.all(appended);
    });

    it('answers with nothing when nothing comes', async () => {
      expect(await consumer.read(10, soon)).toEqual([]);
    });

    it('does not deliver again what was acknowledged, and takes a second acknowledgement calmly', async () => {
      const appended = under.queue.append(vote('v1'));
      const deliveries = await readAll(consumer, 1);
      await consumer.ack(deliveries);
      await consumer.ack(deliveries);
      await appended;
      await consumer.close();
      const second = await under.consumer('second');
      expect(await second.read(10, soon)).toEqual([]);
      await second.close();
    });

    it('delivers again, to another consumer, what a lost one left unacknowledged', async () => {
      const appended = [under.queue.append(vote('v1', 'a')), under.queue.append(vote('v1', 'b'))];
      const lost = await readAll(consumer, 2);
      await consumer.close();
      const second = await under.consumer('second');
      const again = await readAll(second, 2);
      expect(again.map(({ sequence, option }) => [sequence, option])).toEqual(
        lost.map(({ sequence, option }) => [sequence, option]),
      );
      await second.ack(again);
      await Promise.all(appended);
      await second.close();
    });

    it('shares the votes among consumers without giving one out twice', async () => {
      const second = await under.consumer('second');
      const voters = Array.from({ length: 40 }, (_, i) => `v${i}`);
      const appended = voters.map((voter) => under.queue.append(vote(voter)));
      const seen: string[] = [];
      const until = Date.now() + patience;
      while (seen.length < voters.length && Date.now() < until) {
        for (const one of [consumer, second]) {
          const deliveries = await one.read(5, soon);
          seen.push(...deliveries.map(({ voter }) => voter));
          await one.ack(deliveries);
        }
      }
      expect(seen.sort()).toEqual(voters.sort());
      await Promise.all(appended);
      await second.close();
    });

    it('sets a buried entry aside with its reason, and goes on', async () => {
      const appended = [under.queue.append(vote('v1')), under.queue.append(vote('v2'))];
      const settled = Promise.allSettled(appended);
      const [bad, good] = (await readAll(consumer, 2)) as [Delivery, Delivery];
      await consumer.bury(bad, 'unknown option');
      await consumer.ack([good]);
      await settled;
      expect(await under.buriedReasons()).toEqual(['unknown option']);
      await consumer.close();
      const second = await under.consumer('second');
      expect(await second.read(10, soon)).toEqual([]);
      await second.close();
    });

    it('delivers votes of several polls that were appended together, each with its own', async () => {
      const votes = Array.from({ length: 30 }, (_, i) => vote(`v${i % 7}`, letter(i), `poll-${i % 3}`));
      const appended = votes.map((one) => under.queue.append(one));
      const deliveries = await readAll(consumer, votes.length);
      for (const { voter, poll } of votes) {
        const isOwn = (one: Vote) => one.voter === voter && one.poll === poll;
        const options = (all: readonly Vote[]) => all.filter(isOwn).map(({ option }) => option);
        expect(options(deliveries)).toEqual(options(votes));
      }
      expect(
        new Set(deliveries.map(({ poll, voter, sequence }) => `${poll} ${voter} ${sequence}`)).size,
      ).toBe(30);
      await consumer.ack(deliveries);
      await Promise.all(appended);
    });

    it('delivers again what was left of votes that came together, until all are acknowledged', async () => {
      const appended = Array.from({ length: 9 }, (_, i) => under.queue.append(vote(`v${i}`)));
      const deliveries = await readAll(consumer, 9);
      const [settled, left] = [deliveries.slice(0, 4), deliveries.slice(4)];
      await consumer.ack(settled.slice(0, 2));
      await consumer.ack(settled.slice(2));
      expect((await consumer.backlog()).pending).toBe(5);
      await consumer.close();
      const second = await under.consumer('second');
      const again = new Map<string, Delivery>();
      await expect
        .poll(
          async () => {
            for (const delivery of await second.read(10, soon)) again.set(delivery.voter, delivery);
            return left.every(({ voter }) => again.has(voter));
          },
          { timeout: patience },
        )
        .toBe(true);
      for (const { voter, sequence } of left)
        expect(again.get(voter)).toMatchObject({ sequence, again: true });
      await second.ack([...again.values()]);
      await Promise.all(appended);
      expect(await second.read(10, soon)).toEqual([]);
      expect((await second.backlog()).pending).toBe(0);
      await second.close();
    });

    it('sets one of several votes aside that came together, and not the others', async () => {
      const appended = Array.from({ length: 5 }, (_, i) => under.queue.append(vote(`v${i}`)));
      const settled = Promise.allSettled(appended);
      const deliveries = await readAll(consumer, 5);
      const [bad, ...good] = deliveries as [Delivery, ...Delivery[]];
      await consumer.bury(bad, 'unknown option');
      expect(await consumer.backlog()).toMatchObject({ pending: 4, deadLetters: 1 });
      await consumer.ack(good);
      await settled;
      expect(await consumer.backlog()).toMatchObject({ pending: 0, deadLetters: 1 });
      await consumer.close();
      const second = await under.consumer('second');
      expect(await second.read(10, soon)).toEqual([]);
      await second.close();
    });

    it('tells how much waits and for how long, from the append to the acknowledgement', async () => {
      const nothing = { pending: 0, oldestAgeMs: undefined, deadLetters: 0 };
      expect(await consumer.backlog()).toEqual(nothing);
      const before = performance.now();
      const appended = ['v1', 'v2', 'v3'].map((voter) => under.queue.append(vote(voter)));
      const deliveries = await readAll(consumer, 3);
      const backlog = await consumer.backlog();
      expect(backlog.pending).toBe(3);
      expect(backlog.oldestAgeMs).toBeGreaterThanOrEqual(0);
      expect(backlog.oldestAgeMs).toBeLessThanOrEqual(performance.now() - before + soon);
      await consumer.ack(deliveries.slice(0, 2));
      expect((await consumer.backlog()).pending).toBe(1);
      await consumer.ack(deliveries.slice(2));
      await Promise.all(appended);
      expect(await consumer.backlog()).toEqual(nothing);
    });

    it('tells how long a vote has waited, and whether it was delivered before', async () => {
      const began = performance.now();
      const appended = under.queue.append(vote('v1'));
      const [first] = (await readAll(consumer, 1)) as [Delivery];
      expect(first).toMatchObject({ again: false });
      expect(first.waitedMs).toBeGreaterThanOrEqual(0);
      expect(first.waitedMs).toBeLessThanOrEqual(performance.now() - began + soon);
      await consumer.close();
      const second = await under.consumer('second');
      const again = await readAll(second, 1);
      expect(again).toMatchObject([{ again: true }]);
      await second.ack(again);
      await appended;
      await second.close();
    });

    it('says whether more waits than it gave', async () => {
      const appended = Array.from({ length: 30 }, (_, i) => under.queue.append(vote(`v${i}`)));
      // all of them are there, or the first read could rightly see no more
      await expect.poll(async () => (await consumer.backlog()).pending, { timeout: 10_000 }).toBe(30);
      const first = await readAll(consumer, 7, 7);
      expect(consumer.hasMore()).toBe(true);
      const rest = await readAll(consumer, 23, 100);
      expect(await consumer.read(100, soon)).toEqual([]);
      expect(consumer.hasMore()).toBe(false);
      await consumer.ack([...first, ...rest]);
      await Promise.all(appended);
    });

    it('ends a waiting read when it is closed', async () => {
      const waiting = consumer.read(10, 60_000);
      await consumer.close();
      expect(await waiting).toEqual([]);
    });

    it('refuses votes once it is closed', async () => {
      await under.queue.close();
      await expect(under.queue.append(vote('v1'))).rejects.toMatchObject({ code: 'queue_unavailable' });
    });
  });
}

function vote(voter: string, option = 'a', poll = 'main'): Vote {
  return { poll, voter, option };
}

function letter(index: number): string {
  return String.fromCharCode(97 + (index % 26));
}

/** Reads until `count` votes have come, in the order of their sequences. */
async function readAll(consumer: VoteConsumer, count: number, limit = count): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  const until = Date.now() + patience;
  while (deliveries.length < count && Date.now() < until) {
    deliveries.push(...(await consumer.read(Math.min(limit, count - deliveries.length), 200)));
  }
  expect(deliveries).toHaveLength(count);
  return deliveries.sort((one, other) => (one.sequence < other.sequence ? -1 : 1));
}
