import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { announce, definePoll, type HostedPoll, mainRoom } from '@voting/core';
import { createHosting } from '@voting/host';
import { createMemoryQueue } from '@voting/queue/memory';
import { createLog, createReadiness, createRegistry, createTroubles, listen } from '@voting/runtime';
import { createPostgresStore, readPostgresSettings } from '@voting/store/postgres';
import { openSqliteStore } from '@voting/store/sqlite';
import { storedVoter } from '@voting/store/stored-voter';
import { createVoteMetrics, createVoteServer } from '@voting/vote';
import { createWorker, createWorkerMetrics } from '@voting/worker';
import { createClient } from 'redis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVoterCookies } from '../vote/src/voter-cookie.ts';
import { type HostClient, openHostClient } from './host-client.ts';
import { isReady, type Service, startService } from './product.ts';
import { freePorts } from './servers/free-ports.ts';
import { ownPostgres, query, startPostgres } from './servers/postgres.ts';
import { ownRedis, startRedis } from './servers/redis.ts';
import { createWallClock } from './servers/wall-clock.ts';

// Each closing takes a second or two, so the suite makes a few. CLOSINGS=50 makes as many of each kind.
const closings = Number(process.env.CLOSINGS ?? 4);
const patience = { timeout: 60_000, interval: 20 };
vi.setConfig({ testTimeout: 120_000 + closings * 15_000 });

const secret = 'the voter secret of the tests';
const hostKey = 'a-key-that-only-the-tests-have';
const poll = definePoll('main', 'Tea or coffee?', ['Tea', 'Coffee']);
const newVoter = createVoterCookies([secret]);
const connections = 16;

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
});

/** What a host does with the poll. Whatever is killed meanwhile may be in the way; then it is done again. */
interface Host {
  poll(): Promise<Pick<HostedPoll, 'state' | 'final'>>;
  reopen(): Promise<void>;
  /** @param at Unix milliseconds */
  closeAt(at: number): Promise<void>;
  close(): Promise<void>;
}

interface System {
  /** Where votes are cast. */
  readonly addresses: readonly string[];
  readonly host: Host;
  /** Milliseconds by the clock that closes polls. */
  now(): Promise<number>;
  /** The stored ids of those whose vote is stored. */
  stored(): Promise<ReadonlySet<string>>;
  tally(): Promise<Readonly<Record<string, number>>>;
  /** What may happen while a poll closes; resolves when it has and the system is whole again. */
  readonly faults: readonly (() => Promise<void>)[];
}

/** Voters by what they were told. */
interface Told {
  readonly counted: string[];
  readonly refused: string[];
  /** No answer, or one that says that it may have been counted. */
  readonly nothing: string[];
}

/** Everybody is new and votes once, as fast as the services take it, until it is over and for a little longer. */
async function voteWhile(isOpen: () => boolean, addresses: readonly string[]): Promise<Told> {
  const told: Told = { counted: [], refused: [], nothing: [] };

  async function castOne(address: string): Promise<void> {
    const { id, setCookie = '' } = newVoter(undefined, false);
    const voter = storedVoter('main', id);
    try {
      const { status } = await fetch(address, {
        method: 'POST',
        body: new URLSearchParams({ vote: 'a' }),
        headers: { accept: 'application/json', cookie: setCookie.split(';', 1)[0] as string },
        signal: AbortSignal.timeout(10_000),
      });
      const list = { 202: told.counted, 409: told.refused }[status] ?? told.nothing;
      list.push(voter);
    } catch {
      told.nothing.push(voter);
      await pause(20);
    }
  }

  await Promise.all(
    Array.from({ length: connections }, async (_, i) => {
      for (let left = 3; left > 0; ) {
        if (!isOpen()) left--;
        await castOne(addresses[i % addresses.length] as string);
      }
    }),
  );
  return told;
}

/** Opens the poll and lets everybody vote, closes it by hand or by its schedule while something happens, and looks. */
async function closeOnce(system: System, round: number): Promise<void> {
  const { host, addresses, faults } = system;
  const bySchedule = round % 2 === 1;
  const fault = faults[Math.floor(round / 2) % (faults.length + 1)];
  const before = await system.stored();
  if ((await host.poll()).state === 'closed') await host.reopen();
  if (bySchedule) await host.closeAt((await system.now()) + 600);

  let isOpen = true;
  const voting = voteWhile(() => isOpen, addresses);
  await pause(200 + Math.random() * 100);
  const happening = fault?.();
  // as a host does who is told that it did not work
  if (!bySchedule) await vi.waitFor(() => host.close(), patience);
  else await vi.waitFor(async () => expect((await host.poll()).state).toBe('closed'), patience);
  isOpen = false;
  const told = await voting;
  await happening;

  await vi.waitFor(async () => expect((await host.poll()).final).toBe(true), patience);
  const [after, tally] = [await system.stored(), await system.tally()];
  const cast = new Set([...after].filter((voter) => !before.has(voter)));
  expect(told.counted.length, 'votes that were counted').toBeGreaterThan(0);
  expect(
    told.counted.filter((voter) => !cast.has(voter)),
    'told that it counts, and does not',
  ).toEqual([]);
  expect(
    told.refused.filter((voter) => cast.has(voter)),
    'refused, and counts',
  ).toEqual([]);
  for (const voter of [...told.counted, ...told.nothing]) cast.delete(voter);
  expect([...cast], 'nobody’s vote').toEqual([]);
  expect(tally).toEqual({ a: after.size });

  const late = await voteWhile(() => false, addresses);
  expect([late.counted, late.nothing]).toEqual([[], []]);
  expect(await system.tally(), 'after it was final').toEqual(tally);
}

describe.runIf(ownRedis && ownPostgres)('a poll closes exactly', () => {
  it.each([1, 4])(
    `before two vote services whose clocks are hours apart, whatever is killed meanwhile, with %i partitions`,
    async (partitions) => {
      const system = await startSystem(partitions);
      for (let round = 0; round < closings; round++) await closeOnce(system, round);
    },
  );
});

it('a poll closes exactly in one process', async () => {
  const system = await startOneProcess();
  for (let round = 0; round < closings; round++) await closeOnce(system, round);
});

async function startSystem(partitions: number): Promise<System> {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  opened.push(() => Promise.all([redis.stop(), postgres.stop()]));
  const env = {
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    QUEUE_PARTITIONS: String(partitions),
    VOTER_SECRET: secret,
    HOST_KEYS: `tests:${hostKey}`,
    CLAIM_IDLE_MS: '500',
    POLL_QUESTION: poll.question,
    OPTION_A: 'Tea',
    OPTION_B: 'Coffee',
  };

  async function start(name: 'vote' | 'worker' | 'host', own: NodeJS.ProcessEnv = {}) {
    const [port, ops] = (await freePorts(2)) as [number, number];
    const run = () => startService(name, { port, ops }, { ...env, ...own });
    let service: Service = run();
    opened.push(() => service.end('SIGKILL'));
    const ready = () =>
      vi.waitFor(async () => expect(await isReady(service), service.output()).toBe(true), patience);
    return {
      address: service.address,
      ready,
      async replace() {
        await service.end('SIGKILL');
        service = run();
        await ready();
      },
    };
  }

  async function clockOff(seconds: number): Promise<NodeJS.ProcessEnv> {
    const clock = await createWallClock();
    if (clock === undefined)
      console.log('The clocks of the vote services are the same: there is no libfaketime.');
    await clock?.set(seconds);
    opened.push(() => clock?.remove());
    return clock?.env ?? {};
  }

  const votes = [
    await start('vote', await clockOff(-7_200)),
    await start('vote', await clockOff(7_200)),
  ] as const;
  const workers = [
    await start('worker', { WORKER_NAME: 'one' }),
    await start('worker', { WORKER_NAME: 'two' }),
  ] as const;
  const hosts = await start('host');
  for (const service of [...workers, ...votes, hosts]) await service.ready();

  const store = createPostgresStore(readPostgresSettings(2)(env), () => {});
  opened.push(() => store.close());
  return {
    addresses: votes.map(({ address }) => address),
    host: overHttp(openHostClient(hosts.address, hostKey)),
    async now() {
      const client = await createClient({ url: redis.url }).connect();
      const [seconds, microseconds] = (await client.sendCommand(['TIME'])) as [string, string];
      client.destroy();
      return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
    },
    stored: async () =>
      new Set((await query(postgres.url, 'SELECT id FROM votes')).map(({ id }) => String(id))),
    tally: async () => withoutZeros((await store.snapshot(['main'])).tallies.get('main') ?? {}),
    faults: [
      () => votes[0].replace(),
      () => workers[0].replace(),
      () => hosts.replace(),
      async () => {
        await redis.kill();
        await redis.restart();
      },
      async () => {
        await redis.pause();
        await pause(1_000);
        await redis.resume();
      },
    ],
  };
}

async function startOneProcess(): Promise<System> {
  const folder = await mkdtemp(join(tmpdir(), 'votes-'));
  const store = await openSqliteStore(folder);
  await store.declare(poll);
  const queue = createMemoryQueue({ capacity: 100_000, deadlineMs: 5_000, after: 0n });
  await announce(await store.definitions(), queue.announcements);
  const [registry, log] = [createRegistry(), createLog('test', 'silent')];
  const voters = new Set<string>();
  const worker = createWorker(
    { name: 'embedded', batchSize: 1_000, batchEveryMs: 0, newsMs: 0 },
    {
      consumer: queue.consumer(),
      announcements: queue.announcements,
      // nobody else may look into the folder
      store: {
        ...store,
        async record(votes, shard) {
          const recorded = await store.record(votes, shard);
          for (const { voter } of votes) voters.add(storedVoter('main', voter));
          return recorded;
        },
      },
      metrics: createWorkerMetrics(registry),
      readiness: createReadiness(),
      log,
    },
  );
  const server = createVoteServer(
    {
      voterSecrets: [secret],
      resultUrl: undefined,
      votesPerMinute: undefined,
      newVotersPerHour: undefined,
      trustProxy: false,
    },
    { queue, directory: queue.directory, metrics: createVoteMetrics(registry), log },
  );
  const { polls } = createHosting({
    store,
    announcements: queue.announcements,
    troubles: createTroubles(log),
  });
  const port = await listen(server, 0, 'PORT');
  opened.push(async () => {
    await server.close();
    await worker.stop();
    await store.close();
    await rm(folder, { recursive: true });
  });
  return {
    addresses: [`http://127.0.0.1:${port}/`],
    host: {
      poll: () => polls.poll(mainRoom, 'main'),
      reopen: () => done(polls.reopen(mainRoom, 'main', true, undefined)),
      closeAt: (at) => done(polls.change(mainRoom, 'main', { closesAt: at }, undefined)),
      close: () => done(polls.close(mainRoom, 'main', undefined)),
    },
    now: async () => Date.now(),
    stored: async () => new Set(voters),
    tally: async () => withoutZeros((await store.snapshot(['main'])).tallies.get('main') ?? {}),
    faults: [],
  };
}

function overHttp({ ask, change, move }: HostClient): Host {
  return {
    poll: async () => (await ask('GET', '/rooms/main/polls/main')).json() as ReturnType<Host['poll']>,
    reopen: () => vi.waitFor(() => move('main', 'main', 'reopen'), patience),
    closeAt: (at) =>
      vi.waitFor(() => change('main', 'main', { closesAt: new Date(at).toISOString() }), patience),
    close: () => move('main', 'main', 'close'),
  };
}

async function done(work: Promise<unknown>): Promise<void> {
  await work;
}

function withoutZeros(tally: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(tally).filter(([, votes]) => votes !== 0));
}
