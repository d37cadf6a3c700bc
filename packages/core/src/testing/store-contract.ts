import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { definePoll } from '../poll.ts';
import type { PollStore } from '../ports/polls.ts';
import type { StoreChange, VoteStore } from '../ports/store.ts';
import { sequenceAt } from '../sequence.ts';
import type { QueuedVote } from '../vote.ts';

/** An empty, migrated store of the adapter under test, and a way past it to its tables. */
export interface StoreUnderTest {
  readonly store: PollStore & VoteStore;
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

const cats = definePoll('main', 'Cats vs Dogs!', ['Cats', 'Dogs']);

/** What every store adapter must do; `open` makes a new empty one for each test. */
export function describeVoteStore(adapter: string, open: () => Promise<StoreUnderTest>): void {
  describe(`VoteStore contract: ${adapter}`, () => {
    let under: StoreUnderTest;
    let store: StoreUnderTest['store'];

    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.close());

    async function tally(poll = 'main') {
      return (await store.snapshot([poll])).tallies.get(poll) ?? {};
    }

    /** The promise every test ends with: what is tallied is what a count finds. */
    async function expectTally(expected: Record<string, number>) {
      expect(withoutZeros(await tally())).toEqual(expected);
      expect(await store.recount('main', false)).toEqual([]);
    }

    it('starts empty', async () => {
      expect(await store.snapshot(['main'])).toEqual({
        tallies: new Map([['main', {}]]),
        pipeline: { beatAge: undefined, pending: 0, delay: 0 },
      });
      expect(await store.newestSequence()).toBe(0n);
    });

    it('takes an empty batch', async () => {
      expect(await store.record([], 0)).toEqual({ added: 0, changed: 0, stale: 0 });
    });

    it('counts each voter once', async () => {
      const recorded = await store.record([vote('v1', 'a', 1), vote('v2', 'a', 2), vote('v3', 'b', 3)], 0);
      expect(recorded).toEqual({ added: 3, changed: 0, stale: 0 });
      await expectTally({ a: 2, b: 1 });
      expect(await store.newestSequence()).toBe(at(3));
    });

    it('moves a changed vote from one option to the other', async () => {
      await store.record([vote('v1', 'a', 1)], 0);
      expect(await store.record([vote('v1', 'b', 2)], 0)).toEqual({ added: 0, changed: 1, stale: 0 });
      await expectTally({ b: 1 });
    });

    it('changes no tally when a voter repeats the same choice', async () => {
      await store.record([vote('v1', 'a', 1)], 0);
      expect(await store.record([vote('v1', 'a', 2)], 0)).toEqual({ added: 0, changed: 0, stale: 0 });
      await expectTally({ a: 1 });
    });

    it('changes nothing when a batch is delivered again', async () => {
      const batch = [vote('v1', 'a', 1), vote('v2', 'b', 2)];
      await store.record(batch, 0);
      expect(await store.record(batch, 1)).toEqual({ added: 0, changed: 0, stale: 0 });
      await expectTally({ a: 1, b: 1 });
    });

    it('never lets an older sequence win', async () => {
      await store.record([vote('v1', 'b', 5)], 0);
      expect(await store.record([vote('v1', 'a', 4)], 1)).toEqual({ added: 0, changed: 0, stale: 1 });
      await expectTally({ b: 1 });
    });

    it('says which votes it would store, and stores none of them', async () => {
      expect(await store.wouldStore(vote('v1', 'a', 1), 0)).toBe(true);
      expect(await store.wouldStore(vote('nul\0byte', 'a', 1), 0)).toBe(false);
      await expectTally({});
      expect(await store.newestSequence()).toBe(0n);
    });

    it('takes the newest of several votes by one voter in a batch, wherever it stands', async () => {
      await store.record([vote('v1', 'c', 7), vote('v1', 'a', 5), vote('v1', 'b', 6)], 0);
      await expectTally({ c: 1 });
    });

    it('keeps polls apart', async () => {
      await store.record([vote('v1', 'a', 1)], 0);
      await store.record([{ ...vote('v1', 'b', 2), poll: 'other' }], 0);
      expect(withoutZeros(await tally('other'))).toEqual({ b: 1 });
      await expectTally({ a: 1 });
    });

    it('stores votes of many polls together, each voter once in each', async () => {
      const polls = Array.from({ length: 20 }, (_, i) => `poll-${i}`);
      const votes = (option: string, from: number) =>
        polls.flatMap((poll, p) =>
          Array.from({ length: p + 1 }, (_, i) => ({ ...vote(`v${i}`, option, from + p * 20 + i), poll })),
        );
      expect(await store.record(votes('a', 1), 0)).toEqual({ added: 210, changed: 0, stale: 0 });
      for (const [i, poll] of polls.entries()) expect(withoutZeros(await tally(poll))).toEqual({ a: i + 1 });
      // half of them change their mind, and all of it comes again
      const changes = votes('b', 1_000).filter((_, i) => i % 2 === 0);
      expect(await store.record([...votes('a', 1), ...changes], 1)).toMatchObject({ added: 0, changed: 105 });
      for (const poll of polls) expect(await store.recount(poll, false)).toEqual([]);
      const rows = await under.query("SELECT count(*) AS votes FROM votes WHERE vote = 'b'");
      expect(Number(rows[0]?.votes)).toBe(105);
    });

    it('stores nothing of a batch of many polls when a vote of one is refused', async () => {
      const batch = [vote('v1', 'a', 1), { ...vote('nul\u0000byte', 'a', 2), poll: 'other' }];
      await expect(store.record(batch, 0)).rejects.toMatchObject({ code: 'vote_unstorable' });
      await expectTally({});
    });

    it('announces each poll of a batch, once, and no other', async () => {
      for (const poll of ['main', 'other', 'quiet']) await store.record([{ ...vote('v1', 'a', 1), poll }], 0);
      const heard: StoreChange[] = [];
      const stop = await store.onChange((change) => heard.push(change));
      const batch = ['main', 'other'].flatMap((poll) => [
        { ...vote('v1', 'b', 2), poll },
        { ...vote('v2', 'a', 3), poll },
      ]);
      await store.record([...batch, { ...vote('v1', 'a', 1), poll: 'quiet' }], 0);
      await expect
        .poll(() => new Set(heard), { timeout: 5_000 })
        .toEqual(
          new Set([
            { of: 'tally', poll: 'main' },
            { of: 'tally', poll: 'other' },
          ]),
        );
      expect(heard).toHaveLength(2);
      await stop();
    });

    it('reads the tallies of many polls at once', async () => {
      const polls = Array.from({ length: 200 }, (_, i) => `poll-${i}`);
      await store.record(
        polls.flatMap((poll, i) =>
          i % 2 === 0
            ? []
            : [
                { ...vote('v1', 'a', 1), poll },
                { ...vote('v2', 'b', 2), poll },
              ],
        ),
        0,
      );
      const { tallies } = await store.snapshot(polls);
      expect([...tallies.keys()]).toEqual(polls);
      expect([...tallies.values()]).toEqual(polls.map((_, i) => (i % 2 === 0 ? {} : { a: 1, b: 1 })));
    });

    it('keeps how many voted for the first time in each ten seconds, by the time of their votes', async () => {
      const start = 1_700_000_000;
      const cast = (voter: string, option: string, second: number, poll = 'main') => ({
        ...vote(voter, option, 1),
        poll,
        sequence: sequenceAt((start + second) * 1_000, 0),
      });
      await store.record([cast('v1', 'a', 0), cast('v2', 'a', 9.999), cast('v3', 'b', 10)], 0);
      await store.record([cast('v1', 'b', 25), cast('v4', 'a', 12), cast('v4', 'a', 0, 'other')], 1);
      // it came before, and is late
      await store.record([cast('v4', 'a', 12), cast('v3', 'a', 5)], 2);
      await store.record([cast('v5', 'a', 31)], 1);
      const all = new Map([
        [start, 2],
        [start + 10, 2],
        [start + 30, 1],
      ]);
      expect(await store.timeline('main', 0)).toEqual(all);
      expect(await store.timeline('main', start + 10)).toEqual(new Map([...all].slice(1)));
      expect(await store.timeline('other', 0)).toEqual(new Map([[start, 1]]));
      expect(await store.timeline('unheard-of', 0)).toEqual(new Map());
    });

    it('adds up the shards of several workers', async () => {
      await store.record([vote('v1', 'a', 1)], 0);
      await store.record([vote('v1', 'b', 2), vote('v2', 'a', 3)], 1);
      await expectTally({ a: 1, b: 1 });
    });

    it('ends with the newest choice of everyone after a random history with redelivery', async () => {
      const random = randomFrom(20261123);
      const newest = new Map<string, QueuedVote>();
      const batches: QueuedVote[][] = [];
      for (let n = 0, batch: QueuedVote[] = []; n < 3_000; n++) {
        const cast = vote(`v${Math.floor(random() * 400)}`, 'abc'[Math.floor(random() * 3)] as string, n + 1);
        newest.set(cast.voter, cast);
        batch.push(cast);
        if (batch.length >= 1 + random() * 100 || n === 2_999) {
          batches.push(batch);
          batch = [];
        }
      }
      // what comes again comes late, when newer votes are stored already
      const again = batches.filter(() => random() < 0.3).reverse();
      for (const [i, batch] of [...batches, ...again].entries()) await store.record(batch, i % 4);
      const expected: Record<string, number> = {};
      for (const { option } of newest.values()) expected[option] = (expected[option] ?? 0) + 1;
      await expectTally(expected);
      const rows = await under.query('SELECT id, vote FROM votes');
      expect(new Map(rows.map((row) => [row.id, row.vote]))).toEqual(
        new Map([...newest].map(([voter, { option }]) => [voter, option])),
      );
    });

    it('stores a voter under another id in each poll that was declared first, and finds it again', async () => {
      const birds = definePoll('birds', 'Ducks or geese?', ['Ducks', 'Geese']);
      const voter = 'AaIeiBxqAx9ogf6hMLdSEQ';
      for (const poll of [cats, birds]) {
        await store.declare(poll);
        expect(await store.record([{ ...vote(voter, 'a', 1), poll: poll.id }], 0)).toMatchObject({
          added: 1,
        });
        expect(await store.record([{ ...vote(voter, 'b', 2), poll: poll.id }], 1)).toMatchObject({
          changed: 1,
        });
        expect(await store.wouldStore({ ...vote(voter, 'a', 3), poll: poll.id }, 0)).toBe(true);
      }
      const ids = (await under.query('SELECT id FROM votes')).map(({ id }) => String(id));
      expect(new Set([...ids, voter]).size).toBe(3);
      // the time, so that the index has them side by side
      for (const id of ids) expect(id).toMatch(/^AaIeiA[\w-]{16}$/);
      expect(await store.recount('main', false)).toEqual([]);
    });

    it('goes on with the ids that votes were stored by before their poll was declared', async () => {
      await store.record([vote('v1', 'a', 1)], 0);
      await store.declare(cats);
      expect(await store.record([vote('v1', 'b', 2)], 0)).toMatchObject({ changed: 1 });
      expect(await under.query('SELECT id FROM votes')).toEqual([{ id: 'v1' }]);
    });

    it('lets workers record overlapping voters of overlapping polls side by side', async () => {
      const casts = ['main', 'other'].flatMap((poll) =>
        Array.from({ length: 200 }, (_, i) => ({ ...vote(`v${i}`, 'a', 0), poll })),
      );
      await Promise.all(
        Array.from({ length: 12 }, (_, round) => {
          const order = round % 2 === 0 ? casts : casts.toReversed();
          const option = 'ab'[round % 2] as string;
          return store.record(
            order.map((cast, i) => ({ ...cast, option, sequence: at(round * 400 + i) })),
            round % 4,
          );
        }),
      );
      expect(withoutZeros(await tally('other'))).toEqual({ b: 200 });
      await expectTally({ b: 200 });
    });

    it('agrees with the plain query of older dashboards', async () => {
      await store.record([vote('v1', 'a', 1), vote('v2', 'a', 2), vote('v3', 'b', 3)], 0);
      const rows = await under.query('SELECT vote, COUNT(id) AS count FROM votes GROUP BY vote');
      expect(Object.fromEntries(rows.map((row) => [row.vote, Number(row.count)]))).toEqual({ a: 2, b: 1 });
    });

    it('keeps the time of casting', async () => {
      const cast = Date.UTC(2026, 10, 23, 12);
      await store.record([{ ...vote('v1', 'a', 0), sequence: sequenceAt(cast, 3) }], 0);
      const [row] = await under.query("SELECT cast_at FROM votes WHERE id = 'v1'");
      expect(new Date(row?.cast_at as string | Date).getTime()).toBe(cast);
    });

    it('refuses what no table can hold, and stores nothing of that batch', async () => {
      const batch = [vote('v1', 'a', 1), vote('v2', 'nul\u0000byte', 2)];
      await expect(store.record(batch, 0)).rejects.toMatchObject({ code: 'vote_unstorable' });
      await expectTally({});
      await store.record([vote('v1', 'a', 1)], 0);
      await expectTally({ a: 1 });
    });

    it('finds and mends a tally that is wrong', async () => {
      await store.record([vote('v1', 'a', 1), vote('v2', 'b', 2)], 0);
      await under.query("UPDATE tallies SET votes = votes + 5 WHERE option = 'a'");
      await under.query("INSERT INTO tallies (poll, option, shard, votes) VALUES ('main', 'z', 0, 2)");
      const found = [
        { option: 'a', counted: 1, tallied: 6 },
        { option: 'z', counted: 0, tallied: 2 },
      ];
      expect(await store.recount('main', false)).toEqual(found);
      expect(await store.recount('main', true)).toEqual(found);
      await expectTally({ a: 1, b: 1 });
    });

    it('knows which polls can be recounted', async () => {
      expect(await store.recountable()).toEqual([]);
      await store.record([vote('v1', 'a', 1), { ...vote('v1', 'a', 2), poll: 'other' }], 0);
      await under.query("INSERT INTO tallies (poll, option, shard, votes) VALUES ('lost', 'z', 0, 2)");
      await under.query("INSERT INTO polls (id, question, labels) VALUES ('fresh', 'Which?', '[]')");
      await under.query(
        "INSERT INTO polls (id, question, labels, removed) VALUES ('other', 'Which?', '[]', true)",
      );
      expect(await store.recountable()).toEqual(['fresh', 'lost', 'main']);
    });

    it('announces changes, and never misses the last one', async () => {
      let seen: Record<string, number> = {};
      let reading = Promise.resolve();
      const stop = await store.onChange(() => {
        reading = reading.then(async () => {
          seen = withoutZeros(await tally());
        });
      });
      for (let n = 1; n <= 30; n++) await store.record([vote(`v${n}`, 'a', n)], 0);
      await vi.waitFor(() => expect(seen).toEqual({ a: 30 }), { timeout: 5_000 });
      await stop();
      await reading;
    });

    it('does not announce what changed nothing, nor after the end of listening', async () => {
      const heard: StoreChange[] = [];
      await store.record([vote('v1', 'a', 1)], 0);
      const stop = await store.onChange((change) => heard.push(change));
      await store.record([vote('v1', 'a', 1)], 0);
      await stop();
      await store.record([vote('v2', 'a', 2)], 0);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(heard).toEqual([]);
    });

    it('passes on how the counting goes', async () => {
      await store.beat('worker-1', { pending: 7, oldestAgeMs: 30_000 });
      const { pipeline } = await store.snapshot(['main']);
      expect(pipeline.beatAge).toBeLessThan(5);
      expect(pipeline.pending).toBe(7);
      expect(pipeline.delay).toBeGreaterThan(25);
      expect(pipeline.delay).toBeLessThan(40);
      await store.beat('worker-1', { pending: 0, oldestAgeMs: undefined });
      expect((await store.snapshot(['main'])).pipeline).toMatchObject({ pending: 0, delay: 0 });
    });

    it('believes the latest of several workers', async () => {
      await store.beat('worker-1', { pending: 100, oldestAgeMs: 9_000 });
      await new Promise((resolve) => setTimeout(resolve, 5));
      await store.beat('worker-2', { pending: 3, oldestAgeMs: undefined });
      expect((await store.snapshot(['main'])).pipeline).toMatchObject({ pending: 3, delay: 0 });
    });
  });
}

function at(n: number) {
  return sequenceAt(1_700_000_000_000, n);
}

function vote(voter: string, option: string, n: number): QueuedVote {
  return { poll: 'main', voter, option, sequence: at(n) };
}

function withoutZeros(tally: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(tally).filter(([, votes]) => votes !== 0));
}

/** A small repeatable generator (mulberry32), so that a failure can be seen again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
