import { PGlite } from '@electric-sql/pglite';
import { definePoll, type Vote, type VoteConsumer, type VoteStore, VotingError } from '@voting/core';
import { createMemoryQueue, type MemoryQueue } from '@voting/queue/memory';
import { createLog, createReadiness, createRegistry } from '@voting/runtime';
import { createWorker, createWorkerMetrics, type Worker } from '@voting/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrate } from '../../packages/store/src/migrate.ts';
import { createPgliteDriver } from '../../packages/store/src/pglite/driver.ts';
import { createVoteStore } from '../../packages/store/src/vote-store.ts';

const poll = definePoll('main', 'Cats vs Dogs!', ['Cats', 'Dogs']);

let database: PGlite;
let store: VoteStore;
let queue: MemoryQueue;
let worker: Worker | undefined;
const readiness = createReadiness();

beforeAll(async () => {
  database = await PGlite.create();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  const driver = createPgliteDriver(database);
  await migrate(driver);
  store = createVoteStore(driver);
  queue = createMemoryQueue({ capacity: 10_000, deadlineMs: 10_000, after: 0n });
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
});

function start(changes: { store?: VoteStore; consumer?: VoteConsumer; batchSize?: number } = {}) {
  const registry = createRegistry();
  worker = createWorker(
    { poll, name: 'worker-1', batchSize: changes.batchSize ?? 100, batchEveryMs: 0 },
    {
      consumer: changes.consumer ?? queue.consumer(),
      store: changes.store ?? store,
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
  return (await store.snapshot('main')).tally;
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
    await vi.waitFor(() => expect(readiness.parts().store).toBe(false));
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

  it('finds the one vote that the table refuses, and counts the others', async () => {
    await database.exec("ALTER TABLE votes ADD CHECK (id <> 'v13')");
    const voters = Array.from({ length: 40 }, (_, i) => `v${i}`);
    const appended = voters.map((voter) => queue.append(vote(voter, 'a')));
    start();
    const outcomes = await Promise.allSettled(appended);
    expect(outcomes.map(({ status }, i) => (status === 'rejected' ? i : -1)).filter((i) => i >= 0)).toEqual([
      13,
    ]);
    expect(await tally()).toEqual({ a: 39 });
  });

  it('says that it lives', async () => {
    start();
    await vi.waitFor(async () => expect((await store.snapshot('main')).pipeline.beatAge).toBeLessThan(5));
  });

  it('says how much waits while the store takes nothing', async () => {
    start({ store: { ...store, record: refuse } });
    const appended = queue.append(vote('v1', 'a'));
    await vi.waitFor(async () => expect((await store.snapshot('main')).pipeline.pending).toBe(1), {
      timeout: 5_000,
    });
    void appended.catch(() => {});
  });

  it('stops while the store is away, and leaves its votes to the next', async () => {
    const consumer = queue.consumer();
    start({ consumer, store: { ...store, record: refuse } });
    const appended = queue.append(vote('v1', 'a'));
    await vi.waitFor(() => expect(readiness.parts().store).toBe(false));
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
