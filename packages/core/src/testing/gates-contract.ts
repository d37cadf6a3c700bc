import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gate } from '../gate.ts';
import type { Delivery, VoteConsumer } from '../ports/queue.ts';
import type { Sequence } from '../sequence.ts';
import { openGate } from './open-gate.ts';
import type { QueueUnderTest } from './queue-contract.ts';

const gate = (changes: Partial<Gate> = {}): Gate => ({ ...openGate('lunch'), ...changes });
const anHour = 3_600_000;

/** What every queue must do with the gates of polls; `open` makes a new empty one for each test. */
export function describeGates(adapter: string, open: () => Promise<QueueUnderTest>): void {
  describe(`Gates contract: ${adapter}`, () => {
    let under: QueueUnderTest;
    let consumer: VoteConsumer;
    /** The sequences of all that was taken and delivered, by voter. */
    let taken: Map<string, Sequence>;
    let counting: Promise<void>;
    let counted = false;

    beforeEach(async () => {
      under = await open();
      consumer = await under.consumer('first');
      taken = new Map();
      counted = false;
      counting = count();
    });
    afterEach(async () => {
      counted = true;
      await counting;
      await consumer.close();
      await under.close();
    });

    /** In memory a vote is taken when it is counted, so somebody has to. */
    async function count(): Promise<void> {
      while (!counted) {
        const deliveries = await consumer.read(1_000, 20);
        for (const { voter, sequence } of deliveries) taken.set(voter, sequence);
        await consumer.ack(deliveries);
      }
    }

    /** `taken`, or the code with which the vote was refused. */
    async function cast(voter: string, poll = 'lunch'): Promise<string> {
      return under.queue.append({ poll, voter, option: 'a' }).then(
        () => 'taken',
        ({ code }) => code,
      );
    }

    /** Of enough voters to meet every partition. */
    async function castAll(round: string): Promise<readonly string[]> {
      const voters = Array.from({ length: 40 }, (_, i) => `${round}-${i}`);
      return [...new Set(await Promise.all(voters.map((voter) => cast(voter))))];
    }

    it('takes no votes for a poll without a gate', async () => {
      expect(await castAll('early')).toEqual(['poll_unknown']);
      await under.announcements.gates.post(gate());
      expect(await castAll('open')).toEqual(['taken']);
      await under.announcements.gates.remove('lunch');
      expect(await castAll('late')).toEqual(['poll_unknown']);
    });

    it('takes no more votes from when it is closed, in every partition, and says where they end', async () => {
      const seals = await under.announcements.gates.post(gate());
      expect(seals.every((seal) => seal === undefined)).toBe(true);
      expect(await castAll('open')).toEqual(['taken']);
      const closed = await under.announcements.gates.post(gate({ closed: true }));
      expect(closed).toHaveLength(seals.length);
      expect(closed.every((seal) => seal !== undefined)).toBe(true);
      expect(await castAll('late')).toEqual(['poll_closed']);
    });

    it('closes one poll and leaves the others open, also for votes that come together', async () => {
      await under.announcements.gates.post(gate());
      await under.announcements.gates.post(openGate('dinner'));
      await under.announcements.gates.post(gate({ closed: true }));
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          Promise.all(['lunch', 'dinner', 'breakfast'].map((poll) => cast(`v${i}`, poll))),
        ),
      );
      expect(new Set(outcomes.map(String))).toEqual(new Set(['poll_closed,taken,poll_unknown']));
    });

    it('stays closed whatever is posted of the same opening, and opens with the next', async () => {
      await under.announcements.gates.post(gate());
      const closed = await under.announcements.gates.post(gate({ closed: true }));
      expect(await under.announcements.gates.post(gate())).toEqual(closed);
      expect(await under.announcements.gates.post(gate({ until: Date.now() + anHour }))).toEqual(closed);
      expect(await castAll('late')).toEqual(['poll_closed']);
      await under.announcements.gates.post(gate({ opening: 2 }));
      expect(await castAll('again')).toEqual(['taken']);
      // news that has been under way for too long
      await under.announcements.gates.post(gate({ closed: true }));
      expect(await castAll('still')).toEqual(['taken']);
    });

    it('opens at its time and closes at its time, without anybody doing anything', async () => {
      const now = Date.now();
      await under.announcements.gates.post(gate({ from: now + 2_000, until: now + 5_000 }));
      expect(await castAll('early')).toEqual(['poll_not_open']);
      await expect.poll(() => cast('on time'), { interval: 20, timeout: 10_000 }).toBe('taken');
      await expect.poll(() => cast('late'), { interval: 20, timeout: 10_000 }).toBe('poll_closed');
      expect(await castAll('later')).toEqual(['poll_closed']);
      // what has closed by itself is as closed as what was closed by hand
      const seals = await under.announcements.gates.post(gate({ until: now + anHour }));
      expect(seals.every((seal) => seal !== undefined)).toBe(true);
      expect(await castAll('last')).toEqual(['poll_closed']);
    });

    it('lets a schedule change until it has closed', async () => {
      const now = Date.now();
      await under.announcements.gates.post(gate({ until: now + 2_000 }));
      await under.announcements.gates.post(gate({ until: now + anHour }));
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      expect(await castAll('longer')).toEqual(['taken']);
      await under.announcements.gates.post(gate({ from: now + anHour, until: undefined, revision: 3 }));
      expect(await castAll('not yet')).toEqual(['poll_not_open']);
      // news of a former schedule that has been under way for too long
      await under.announcements.gates.post(gate({ revision: 2 }));
      expect(await castAll('still not')).toEqual(['poll_not_open']);
      // whoever closes it has seen it before its schedule was changed
      await under.announcements.gates.post(gate({ closed: true, revision: 2 }));
      expect(await castAll('closed')).toEqual(['poll_closed']);
    });

    it('tells which polls are closed, and whether all that was taken before is counted', async () => {
      await under.announcements.gates.post(gate());
      await under.announcements.gates.post(openGate('dinner'));
      expect(await castAll('open')).toEqual(['taken']);
      const closings = () => consumer.closings(['lunch', 'dinner', 'breakfast']);
      expect(await closings()).toEqual(new Map());
      await expect.poll(async () => (await consumer.backlog()).pending, { timeout: 10_000 }).toBe(0);
      // nobody counts for a while
      counted = true;
      await counting;
      const last = Promise.all(['v1', 'v2', 'v3'].map((voter) => cast(voter)));
      await expect.poll(async () => (await consumer.backlog()).pending, { timeout: 10_000 }).toBe(3);
      await under.announcements.gates.post(gate({ closed: true }));
      expect(await closings()).toEqual(new Map([['lunch', { opening: 1, counted: false }]]));
      const deliveries: Delivery[] = [];
      while (deliveries.length < 3) deliveries.push(...(await consumer.read(10, 100)));
      expect(await closings()).toEqual(new Map([['lunch', { opening: 1, counted: false }]]));
      await consumer.ack(deliveries);
      await last;
      expect(await closings()).toEqual(new Map([['lunch', { opening: 1, counted: true }]]));
      // what comes for others changes nothing
      const dinner = cast('v1', 'dinner');
      await expect.poll(async () => (await consumer.backlog()).pending, { timeout: 10_000 }).toBe(1);
      expect((await closings()).get('lunch')).toEqual({ opening: 1, counted: true });
      counted = false;
      counting = count();
      await dinner;
      await under.announcements.gates.post(gate({ opening: 2 }));
      expect(await closings()).toEqual(new Map());
    });

    it('closes a poll at its time when it is asked for, although nobody votes', async () => {
      await under.announcements.gates.post(gate({ until: Date.now() + 2_000 }));
      const closings = () => consumer.closings(['lunch']);
      expect(await closings()).toEqual(new Map());
      await expect
        .poll(closings, { interval: 20, timeout: 10_000 })
        .toEqual(new Map([['lunch', { opening: 1, counted: true }]]));
    });

    it('takes before it what is answered with success, and nothing else, under a storm of votes', async () => {
      for (let opening = 1; opening <= 10; opening++) {
        await under.announcements.gates.post(gate({ opening }));
        const outcomes = new Map<string, string>();
        let closed = false;
        const voters = Array.from({ length: 8 }, async (_, connection) => {
          for (let n = 0, left = 5; left > 0; n++) {
            if (closed) left--;
            const voter = `${opening}-${connection}-${n}`;
            outcomes.set(voter, await cast(voter));
          }
        });
        await expect.poll(() => outcomes.size, { interval: 5, timeout: 10_000 }).toBeGreaterThan(20);
        const seals = await under.announcements.gates.post(gate({ opening, closed: true }));
        closed = true;
        await Promise.all(voters);
        const successes = [...outcomes].filter(([, outcome]) => outcome === 'taken').map(([voter]) => voter);
        expect(new Set(outcomes.values())).toEqual(new Set(['taken', 'poll_closed']));
        await expect.poll(() => successes.every((voter) => taken.has(voter)), { timeout: 10_000 }).toBe(true);
        const own = [...taken].filter(([voter]) => voter.startsWith(`${opening}-`));
        expect(own.map(([voter]) => voter).sort()).toEqual(successes.sort());
        const last = seals.reduce(
          (one: Sequence, seal) => (seal !== undefined && seal > one ? seal : one),
          0n,
        );
        expect(own.every(([, sequence]) => sequence <= last)).toBe(true);
      }
    });
  });
}
