import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  definePoll,
  type HostedPoll,
  mainRoom,
  moved,
  type Vote,
  type VoteConsumer,
  VotingError,
} from '@voting/core';
import { openGate } from '@voting/core/testing';
import { createMemoryQueue, type MemoryQueue } from '@voting/queue/memory';
import { createLog, createReadiness, createRegistry } from '@voting/runtime';
import { openSqliteStore, type SqliteStore } from '@voting/store/sqlite';
import { createWorker, createWorkerMetrics, type Worker } from '@voting/worker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const poll = definePoll('main', 'Cats vs Dogs!', ['Cats', 'Dogs']);

let folder: string;
let store: SqliteStore;
let queue: MemoryQueue;
let worker: Worker | undefined;
const readiness = createReadiness();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'votes-'));
  store = await openSqliteStore(folder);
  await store.declare(poll);
  queue = createMemoryQueue({ capacity: 10_000, deadlineMs: 10_000, after: 0n });
  for (const poll of ['main', 'lunch', 'other']) await queue.announcements.gates.post(openGate(poll));
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  await store.close();
  await rm(folder, { recursive: true });
});

/** Changes the tables past the store. */
async function alter(sql: string): Promise<void> {
  await store.close();
  const database = new DatabaseSync(join(folder, 'votes.db'));
  database.exec(sql);
  database.close();
  store = await openSqliteStore(folder);
}

function start(
  changes: { store?: SqliteStore; consumer?: VoteConsumer; batchSize?: number; newsMs?: number } = {},
) {
  const registry = createRegistry();
  worker = createWorker(
    {
      name: 'worker-1',
      batchSize: changes.batchSize ?? 100,
      batchEveryMs: 0,
      newsMs: changes.newsMs ?? 0,
    },
    {
      consumer: changes.consumer ?? queue.consumer(),
      store: changes.store ?? store,
      announcements: queue.announcements,
      metrics: createWorkerMetrics(registry),
      readiness,
      log: createLog('test', 'silent'),
    },
  );
  return registry;
}

function vote(voter: string, option: string): Vote {
  return { poll: 'main', voter, option };
}

async function tally() {
  return (await store.snapshot(['main'])).tallies.get('main');
}

describe('worker', () => {
  it('counts what is voted, and the last choice of each voter', async () => {
    const registry = start({ batchSize: 7 });
    await Promise.all([
      ...Array.from({ length: 50 }, (_, i) => queue.append(vote(`v${i}`, 'a'))),
      ...Array.from({ length: 10 }, (_, i) => queue.append(vote(`v${i}`, 'b'))),
    ]);
    expect(await tally()).toEqual({ a: 40, b: 10 });
    expect(await registry.getSingleMetricAsString('worker_votes_counted_total')).toContain(' 60');
  });

  it('acknowledges only after the commit', async () => {
    const committed: boolean[] = [];
    start({
      store: {
        ...store,
        async record(...batch) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          const recorded = await store.record(...batch);
          committed.push(true);
          return recorded;
        },
      },
    });
    await queue.append(vote('v1', 'a')).then(() => expect(committed).toEqual([true]));
  });

  it('waits for a store that does not answer, is not ready meanwhile, and loses nothing', async () => {
    let failures = 3;
    start({
      store: {
        ...store,
        async record(...batch) {
          if (failures-- > 0) throw new VotingError('store_unavailable');
          return store.record(...batch);
        },
      },
    });
    const appended = queue.append(vote('v1', 'a'));
    await vi.waitFor(() => expect(readiness.parts().store).toBe(false), { timeout: 10_000 });
    await appended;
    expect(readiness.parts().store).toBe(true);
    expect(await tally()).toEqual({ a: 1 });
  });

  it('counts a batch once when the answer of the commit was lost', async () => {
    let lost = false;
    start({
      store: {
        ...store,
        async record(...batch) {
          const recorded = await store.record(...batch);
          if (lost) return recorded;
          lost = true;
          throw new VotingError('store_unavailable');
        },
      },
    });
    await queue.append(vote('v1', 'a'));
    expect(await tally()).toEqual({ a: 1 });
  });

  it('counts a batch once when the queue goes away between the commit and the acknowledgement', async () => {
    const consumer = queue.consumer();
    let failures = 2;
    start({
      consumer: {
        ...consumer,
        async ack(deliveries) {
          if (failures-- > 0) throw new VotingError('queue_unavailable');
          return consumer.ack(deliveries);
        },
      },
    });
    await queue.append(vote('v1', 'a'));
    expect(failures).toBe(-1);
    expect(await tally()).toEqual({ a: 1 });
    expect(await store.recount('main', false)).toEqual([]);
  });

  it.each([
    ['unknown option', vote('v1', 'z')],
    ['unknown poll', { ...vote('v1', 'a'), poll: 'other' }],
    ['malformed voter', vote('nul\u0000byte', 'a')],
    ['malformed voter', vote('', 'a')],
    ['malformed voter', vote('x'.repeat(1_000), 'a')],
  ])('sets an entry with an %s aside and goes on', async (reason, bad) => {
    const registry = start();
    const refused = expect(queue.append(bad)).rejects.toMatchObject({ code: 'vote_unstorable' });
    await queue.append(vote('v2', 'a'));
    await refused;
    expect(queue.buried).toEqual([{ vote: bad, reason }]);
    expect(await tally()).toEqual({ a: 1 });
    expect(await registry.getSingleMetricAsString('worker_dead_letters_total')).toContain(
      `reason="${reason}"`,
    );
  });

  it('keeps votes for what is not declared yet, and counts them when it is', async () => {
    const lunch = definePoll('lunch', 'What shall we eat?', ['Pizza', 'Curry']);
    const more = definePoll('main', poll.question, [...poll.options.map(({ label }) => label), 'Birds']);
    const consumer = queue.consumer();
    start({ consumer, newsMs: 60_000 });
    const early = [queue.append({ ...vote('v1', 'b'), poll: 'lunch' }), queue.append(vote('v2', 'c'))];
    await queue.append(vote('v3', 'a'));
    expect(queue.buried).toEqual([]);
    await store.declare(lunch);
    await store.declare(more);
    // what a worker has left comes again, here by the end of that worker
    await worker?.stop();
    await consumer.close();
    start({ newsMs: 60_000 });
    await Promise.all(early);
    expect((await store.snapshot(['lunch'])).tallies.get('lunch')).toEqual({ b: 1 });
    expect(await tally()).toEqual({ a: 1, c: 1 });
  });

  it('says that a poll is final when it is closed and counted to the last vote, and not before', async () => {
    let frozen = false;
    let thaw = () => {};
    start({
      store: {
        ...store,
        async record(...batch) {
          if (frozen) await new Promise<void>((resolve) => (thaw = resolve));
          return store.record(...batch);
        },
      },
    });
    await queue.append(vote('v1', 'a'));
    frozen = true;
    const last = queue.append(vote('v2', 'b'));
    await queue.announcements.gates.post({ ...openGate('main'), closed: true });
    await expect(queue.append(vote('v3', 'b'))).rejects.toMatchObject({ code: 'poll_closed' });
    await vi.waitFor(async () => expect(await store.poll('main')).toMatchObject({ state: 'closed' }), {
      timeout: 10_000,
    });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await store.poll('main')).toMatchObject({ final: false });
    frozen = false;
    thaw();
    await last;
    await vi.waitFor(async () => expect(await store.poll('main')).toMatchObject({ final: true }), {
      timeout: 10_000,
    });
    expect(await tally()).toEqual({ a: 1, b: 1 });
  });

  it('closes a poll at its time although nobody votes', async () => {
    const open = (await store.poll('main')) as HostedPoll;
    await store.keepPoll({ ...open, closesAt: Date.now() + 1_500 });
    start();
    await vi.waitFor(
      async () => expect(await store.poll('main')).toMatchObject({ state: 'closed', final: true }),
      { timeout: 10_000 },
    );
  });

  it('announces what has changed in the store, and removes what is removed there, with its votes', async () => {
    start();
    const { directory } = queue;
    await vi.waitFor(() => expect(directory.poll('main')).toMatchObject({ question: poll.question }), {
      timeout: 10_000,
    });
    expect(directory.room(mainRoom)).toMatchObject({ on: 'main' });
    await queue.append(vote('v1', 'a'));
    // as a host service does that is killed before it has closed the gate
    await store.keepPoll(moved((await store.poll('main')) as HostedPoll, 'closed'));
    await vi.waitFor(() => expect(directory.poll('main')).toMatchObject({ final: true }), {
      timeout: 10_000,
    });
    await expect(queue.append(vote('v2', 'a'))).rejects.toMatchObject({ code: 'poll_closed' });
    expect(await store.unannounced()).toEqual([]);
    await store.removePoll((await store.poll('main')) as HostedPoll);
    await vi.waitFor(() => expect(directory.poll('main')).toBeUndefined(), { timeout: 10_000 });
    await expect(queue.append(vote('v2', 'a'))).rejects.toMatchObject({ code: 'poll_unknown' });
    await vi.waitFor(async () => expect(await tally()).toEqual({}), { timeout: 10_000 });
    expect(await store.recount('main', false)).toEqual([]);
  });

  it('finds the one vote that the table refuses, and counts the others', async () => {
    await alter(
      // under the voter's own id, so that it can be told from the others
      "UPDATE polls SET own_ids = 0; CREATE TRIGGER refuse BEFORE INSERT ON votes WHEN new.id = 'v13' BEGIN SELECT raise(ABORT, 'no'); END",
    );
    const voters = Array.from({ length: 40 }, (_, i) => `v${i}`);
    const appended = voters.map((voter) => queue.append(vote(voter, 'a')));
    start();
    const outcomes = await Promise.allSettled(appended);
    expect(outcomes.map(({ status }, i) => (status === 'rejected' ? i : -1)).filter((i) => i >= 0)).toEqual([
      13,
    ]);
    expect(await tally()).toEqual({ a: 39 });
  });

  it('counts a backlog that the store does not take in one piece, and goes back to large batches', async () => {
    const sizes: number[] = [];
    let slow = true;
    const appended = Array.from({ length: 1_000 }, (_, i) => queue.append(vote(`v${i}`, 'a')));
    start({
      batchSize: 400,
      store: {
        ...store,
        async record(votes, shard) {
          sizes.push(votes.length);
          // as a deadline is missed: after the time that so many votes take, and nothing is stored
          if (slow && votes.length > 60) throw new VotingError('store_unavailable');
          return store.record(votes, shard);
        },
      },
    });
    await Promise.all(appended);
    slow = false;
    expect(await tally()).toEqual({ a: 1_000 });
    await Promise.all(Array.from({ length: 2_000 }, (_, i) => queue.append(vote(`v${i}`, 'b'))));
    expect(await tally()).toMatchObject({ b: 2_000 });
    expect(Math.max(...sizes.slice(-8))).toBe(400);
  });

  it('buries nothing when the table refuses every vote, says so, and counts them once it is mended', async () => {
    let faulty = true;
    let refusals = 0;
    const registry = start({
      store: {
        ...store,
        async record(votes, shard) {
          if (!faulty) return store.record(votes, shard);
          refusals++;
          throw new VotingError('vote_unstorable');
        },
        wouldStore: async (vote, shard) => !faulty && store.wouldStore(vote, shard),
      },
    });
    const appended = Array.from({ length: 40 }, (_, i) => queue.append(vote(`v${i}`, 'a')));
    await vi.waitFor(() => expect(refusals).toBeGreaterThan(1), { timeout: 10_000 });
    expect(readiness.parts().store).toBe(false);
    faulty = false;
    await Promise.all(appended);
    expect(await tally()).toEqual({ a: 40 });
    expect(await registry.getSingleMetricAsString('worker_dead_letters_total')).not.toMatch(/ [1-9]\d*$/m);
  });

  it('tells how many votes were older than what is stored, repeated deliveries aside', async () => {
    const registry = start();
    const ahead = BigInt(Date.now() + 3_600_000) << 20n;
    await store.record([{ ...vote('v1', 'b'), sequence: ahead }], 0);
    await queue.append(vote('v1', 'a'));
    await queue.append(vote('v2', 'a'));
    expect(await registry.getSingleMetricAsString('worker_votes_stale_total')).toContain(' 1');
  });

  it('says that it lives', async () => {
    start();
    await vi.waitFor(async () => expect((await store.snapshot(['main'])).pipeline.beatAge).toBeLessThan(5), {
      timeout: 10_000,
    });
  });

  it('says how much waits while the store takes nothing', async () => {
    start({ store: { ...store, record: refuse } });
    const appended = queue.append(vote('v1', 'a'));
    await vi.waitFor(async () => expect((await store.snapshot(['main'])).pipeline.pending).toBe(1), {
      timeout: 5_000,
    });
    void appended.catch(() => {});
  });

  it('stops although the store says neither yes nor no', { timeout: 30_000 }, async () => {
    start({ store: { ...store, record: () => new Promise(() => {}) } });
    const appended = queue.append(vote('v1', 'a'));
    await vi.waitFor(async () => expect((await store.snapshot(['main'])).pipeline.beatAge).toBeLessThan(5), {
      timeout: 10_000,
    });
    await worker?.stop();
    worker = undefined;
    await appended.catch(() => {});
  });

  it('stops while the store is away, and leaves its votes to the next', async () => {
    const consumer = queue.consumer();
    start({ consumer, store: { ...store, record: refuse } });
    const appended = queue.append(vote('v1', 'a'));
    await vi.waitFor(() => expect(readiness.parts().store).toBe(false), { timeout: 10_000 });
    await worker?.stop();
    await consumer.close();
    start();
    await appended;
    expect(await tally()).toEqual({ a: 1 });
  });
});

async function refuse(): Promise<never> {
  throw new VotingError('store_unavailable');
}
