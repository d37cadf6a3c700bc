import { connect } from 'node:net';
import type { Results } from '@voting/result';
import { storedVoter } from '@voting/store/stored-voter';
import { createClient } from 'redis';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isReady, run, type Service, startService } from './product.ts';
import { foundStreamsAt } from './servers/founded-streams.ts';
import { freePorts } from './servers/free-ports.ts';
import { type PostgresServer, query, startPostgres } from './servers/postgres.ts';
import { type RedisServer, startRedis } from './servers/redis.ts';
import { castVotes, type VoterHistory } from './voters.ts';

const secret = 'the voter secret of the tests';
let redis: RedisServer;
let postgres: PostgresServer;
const running = new Set<Service>();

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
}, 120_000);
afterEach(async () => {
  await Promise.all([...running].map((service) => service.end('SIGKILL')));
  running.clear();
});
afterAll(async () => {
  await redis?.stop();
  await postgres?.stop();
});

/** Empties both stores, as a new installation finds them. */
async function startAfresh(): Promise<void> {
  const client = await createClient({ url: redis.url }).connect();
  await client.flushAll();
  client.destroy();
  await foundStreamsAt(redis.url);
  await query(postgres.url, 'DROP SCHEMA public CASCADE');
  await query(postgres.url, 'CREATE SCHEMA public');
}

async function start(name: 'vote' | 'worker' | 'result', env: NodeJS.ProcessEnv = {}): Promise<Service> {
  const [port, ops] = (await freePorts(2)) as [number, number];
  const service = startService(
    name,
    { port, ops },
    {
      REDIS_URL: redis.url,
      DATABASE_URL: postgres.url,
      VOTER_SECRET: secret,
      CLAIM_IDLE_MS: '1000',
      OPTION_A: 'Tea',
      OPTION_B: 'Coffee',
      OPTION_C: 'Water',
      ...env,
    },
  );
  running.add(service);
  return service;
}

async function end(service: Service, signal: NodeJS.Signals) {
  running.delete(service);
  return service.end(signal);
}

async function ready(...services: Service[]): Promise<void> {
  for (const service of services) {
    await vi.waitFor(async () => expect(await isReady(service), service.output()).toBe(true), {
      timeout: 20_000,
    });
  }
}

async function results(service: Service): Promise<Results> {
  return (await (await fetch(`${service.address}/api/results`)).json()) as Results;
}

function votesIn({ options }: Results): Record<string, number> {
  return Object.fromEntries(options.map(({ id, votes }) => [id, Number(votes)]));
}

async function storedChoices(): Promise<Map<string, string>> {
  const rows = await query(postgres.url, 'SELECT id, vote FROM votes');
  return new Map(rows.map((row) => [String(row.id), String(row.vote)]));
}

/** The promise: for every voter the last acknowledged choice, or a later one whose answer was lost. */
async function expectKept(histories: readonly VoterHistory[]): Promise<void> {
  const stored = await storedChoices();
  const broken = histories.filter(
    ({ voter, acknowledged, uncertain }) =>
      ![acknowledged, ...uncertain].includes(stored.get(storedVoter('main', voter))),
  );
  expect(broken).toEqual([]);
  expect(stored.size).toBe(histories.length);
  const recount = await run('tools/src/recount.ts', [], { DATABASE_URL: postgres.url });
  expect(recount).toEqual({ code: 0, output: 'Poll main: the tallies agree with the votes.\n' });
}

/** Resolves when nothing waits to be counted any more, as Redis tells. */
async function counted(): Promise<void> {
  const client = await createClient({ url: redis.url }).connect();
  try {
    await vi.waitFor(
      async () => {
        const [group] = await client.xInfoGroups('votes');
        // not its `lag`, which Redis may have lost count of in a crash
        const undelivered = await client.xRange('votes', `(${group?.['last-delivered-id']}`, '+');
        expect([group?.pending, undelivered ?? []]).toEqual([0, []]);
      },
      { timeout: 30_000, interval: 200 },
    );
  } finally {
    client.destroy();
  }
}

function pauseFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const electorate = { options: ['a', 'b', 'c'], concurrency: 64, patienceMs: 60_000 };

describe('separate services', () => {
  it('count 20,000 votes of 5,000 voters while worker, Redis and PostgreSQL are killed', {
    timeout: 180_000,
  }, async () => {
    await startAfresh();
    const [vote1, vote2, worker1, worker2, result] = (await Promise.all([
      start('vote'),
      start('vote'),
      start('worker', { WORKER_NAME: 'one' }),
      start('worker', { WORKER_NAME: 'two' }),
      start('result'),
    ])) as [Service, Service, Service, Service, Service];
    await ready(vote1, vote2, worker1, worker2, result);
    const scores: string[] = [];
    const viewer = io(result.address, { transports: ['websocket'] });
    viewer.on('scores', (json: string) => scores.push(json));

    const voting = castVotes({ ...electorate, voters: 5_000, votesEach: 4 }, [vote1.address, vote2.address]);
    await vi.waitFor(async () => expect((await results(result)).total).toBeGreaterThan(300), {
      timeout: 20_000,
    });
    await end(worker1, 'SIGKILL');
    await pauseFor(500);
    await redis.restart();
    await pauseFor(500);
    await postgres.restart();
    const third = await start('worker', { WORKER_NAME: 'three' });
    const histories = await voting;
    await ready(third);
    await counted();

    await expectKept(histories);
    const expected: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (const choice of (await storedChoices()).values()) expected[choice] = (expected[choice] ?? 0) + 1;
    await vi.waitFor(async () => expect(votesIn(await results(result))).toEqual(expected), {
      timeout: 10_000,
    });
    await vi.waitFor(() => expect(JSON.parse(scores.at(-1) ?? '{}')).toEqual(expected), { timeout: 10_000 });
    const rows = await query(postgres.url, 'SELECT vote, COUNT(id) FROM votes GROUP BY vote');
    expect(Object.fromEntries(rows.map((row) => [row.vote, Number(row.count)]))).toEqual(expected);
    viewer.close();
  });

  it('go through a worker scaled from 1 to 4 and back, and a rolling restart of each', {
    timeout: 180_000,
  }, async () => {
    await startAfresh();
    const [vote1, vote2, ...others] = (await Promise.all([
      start('vote'),
      start('vote'),
      start('worker', { WORKER_NAME: 'w0' }),
      start('result'),
    ])) as [Service, Service, Service, Service];
    let [worker, result] = others;
    await ready(vote1, vote2, worker, result);
    const addresses = [vote1.address, vote2.address];
    const voting = castVotes({ ...electorate, voters: 2_000, votesEach: 4 }, addresses);
    const more = await Promise.all([1, 2, 3].map((n) => start('worker', { WORKER_NAME: `w${n}` })));
    await ready(...more);
    for (const one of more) expect((await end(one, 'SIGTERM')).code).toBe(0);
    expect((await end(worker, 'SIGTERM')).code).toBe(0);
    worker = await start('worker', { WORKER_NAME: 'w0' });
    for (const old of [vote1, vote2]) {
      const { port } = new URL(old.address);
      const { port: ops } = new URL(old.ops);
      expect((await end(old, 'SIGTERM')).code).toBe(0);
      const fresh = startService(
        'vote',
        { port: Number(port), ops: Number(ops) },
        {
          REDIS_URL: redis.url,
          VOTER_SECRET: secret,
          OPTION_A: 'Tea',
          OPTION_B: 'Coffee',
          OPTION_C: 'Water',
        },
      );
      running.add(fresh);
      await ready(fresh);
    }
    expect((await end(result, 'SIGTERM')).code).toBe(0);
    result = await start('result');
    const histories = await voting;
    await ready(worker, result);
    await counted();
    await expectKept(histories);
    expect(histories.every(({ uncertain }) => uncertain.length === 0)).toBe(true);
  });

  it('hand the votes of a frozen worker to another, and its late writes change nothing', {
    timeout: 60_000,
  }, async () => {
    await startAfresh();
    const vote = await start('vote');
    const frozen = await start('worker', { WORKER_NAME: 'frozen' });
    await ready(vote, frozen);
    const voting = castVotes({ ...electorate, voters: 400, votesEach: 4 }, [vote.address]);
    await pauseFor(300);
    frozen.pause();
    const awake = await start('worker', { WORKER_NAME: 'awake' });
    await ready(awake);
    const histories = await voting;
    await counted();
    await expectKept(histories);
    frozen.resume();
    await pauseFor(2_000);
    await expectKept(histories);
  });
});

describe('while Redis is away', () => {
  it('a vote is refused within 2 seconds, honestly, and taken again by itself', {
    timeout: 60_000,
  }, async () => {
    await startAfresh();
    const vote = await start('vote');
    await ready(vote);
    const cast = () =>
      fetch(vote.address, { method: 'POST', body: new URLSearchParams({ vote: 'a' }), redirect: 'manual' });
    expect((await cast()).status).toBe(303);
    for (const away of ['kill', 'pause'] as const) {
      await redis[away]();
      const started = Date.now();
      const answer = await cast();
      expect(answer.status).toBe(503);
      expect(Date.now() - started).toBeLessThan(2_000);
      expect(answer.headers.get('retry-after')).toBe('2');
      expect(await answer.text()).toContain('could not be confirmed');
      await (away === 'kill' ? redis.restart() : redis.resume());
      await vi.waitFor(async () => expect((await cast()).status).toBe(303), {
        timeout: 15_000,
        interval: 200,
      });
    }
  });

  it('a full one is refused as such', { timeout: 60_000 }, async () => {
    await startAfresh();
    const vote = await start('vote');
    await ready(vote);
    const client = await createClient({ url: redis.url }).connect();
    await client.configSet('maxmemory', '1');
    const cast = () =>
      fetch(vote.address, { method: 'POST', body: new URLSearchParams({ vote: 'a' }), redirect: 'manual' });
    const answer = await cast();
    expect([answer.status, (await answer.text()).includes('too many are waiting')]).toEqual([503, true]);
    await client.configSet('maxmemory', '0');
    expect((await cast()).status).toBe(303);
    client.destroy();
  });
});

describe('while PostgreSQL is away', () => {
  it('votes are taken, results stand and are marked, and all is counted afterwards', {
    timeout: 90_000,
  }, async () => {
    await startAfresh();
    const [vote, worker, result] = (await Promise.all([start('vote'), start('worker'), start('result')])) as [
      Service,
      Service,
      Service,
    ];
    await ready(vote, worker, result);
    const before = await castVotes({ ...electorate, voters: 30, votesEach: 1 }, [vote.address]);
    await vi.waitFor(async () => expect((await results(result)).total).toBe(30), { timeout: 5_000 });
    await postgres.kill();
    const during = await castVotes({ ...electorate, voters: 50, votesEach: 2 }, [vote.address]);
    await vi.waitFor(async () => expect((await results(result)).pipeline.state).toBe('delayed'), {
      timeout: 10_000,
    });
    await vi.waitFor(async () => expect((await results(result)).pipeline.state).toBe('down'), {
      timeout: 15_000,
    });
    expect((await results(result)).total).toBe(30);
    expect(await isReady(result)).toBe(true);
    expect(await isReady(worker)).toBe(false);
    await postgres.restart();
    await vi.waitFor(
      async () => expect(await results(result)).toMatchObject({ total: 80, pipeline: { state: 'live' } }),
      {
        timeout: 15_000,
      },
    );
    await counted();
    await expectKept([...before, ...during]);
  });
});

describe('between the commit and the acknowledgement', () => {
  it('Redis can go away: the batch comes again and changes nothing', { timeout: 60_000 }, async () => {
    await startAfresh();
    const [vote, worker] = (await Promise.all([start('vote'), start('worker')])) as [Service, Service];
    await ready(vote, worker);
    // makes each batch take long enough to do something in the middle of it
    await query(
      postgres.url,
      "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1.5); RETURN NULL; END'",
    );
    await query(
      postgres.url,
      'CREATE TRIGGER slow AFTER INSERT ON tallies FOR EACH STATEMENT EXECUTE FUNCTION slow()',
    );
    const histories = await castVotes({ ...electorate, voters: 30, votesEach: 1 }, [vote.address]);
    const recording =
      "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%INSERT INTO votes%' AND pid <> pg_backend_pid()";
    await vi.waitFor(async () => expect(await query(postgres.url, recording)).toHaveLength(1), {
      timeout: 5_000,
    });
    const before = (await storedChoices()).size;
    await redis.kill();
    await vi.waitFor(async () => expect((await storedChoices()).size).toBeGreaterThan(before), {
      timeout: 10_000,
    });
    await query(postgres.url, 'DROP TRIGGER slow ON tallies');
    await redis.restart();
    await counted();
    await expectKept(histories);
  });
});

describe('a PostgreSQL that only reads', () => {
  it('holds the count up, loses nothing, and goes on when it writes again', { timeout: 60_000 }, async () => {
    await startAfresh();
    const [vote, worker] = (await Promise.all([start('vote'), start('worker')])) as [Service, Service];
    await ready(vote, worker);
    await query(postgres.url, 'ALTER SYSTEM SET default_transaction_read_only = on');
    await query(postgres.url, 'SELECT pg_reload_conf()');
    const histories = await castVotes({ ...electorate, voters: 50, votesEach: 2 }, [vote.address]);
    await vi.waitFor(async () => expect(await isReady(worker)).toBe(false), { timeout: 5_000 });
    await query(postgres.url, 'ALTER SYSTEM RESET default_transaction_read_only');
    await query(postgres.url, 'SELECT pg_reload_conf()');
    await counted();
    await expectKept(histories);
  });
});

describe('a store of a newer version', () => {
  it.each(['worker', 'result'] as const)(
    'is refused by the %s, with one sentence',
    { timeout: 60_000 },
    async (name) => {
      await startAfresh();
      await query(
        postgres.url,
        'CREATE TABLE schema_versions (version integer PRIMARY KEY, applied_at timestamptz)',
      );
      await query(postgres.url, 'INSERT INTO schema_versions (version) VALUES (99)');
      const service = await start(name);
      await vi.waitFor(
        () => expect(service.output()).toContain('written by a newer version of this software'),
        {
          timeout: 10_000,
        },
      );
      expect((await end(service, 'SIGTERM')).code).toBe(1);
    },
  );
});

describe('any order of starting', () => {
  it('works: each waits for what it needs, says so, and is not ready until then', {
    timeout: 90_000,
  }, async () => {
    await startAfresh();
    await redis.kill();
    await postgres.kill();
    const services = (await Promise.all([start('result'), start('worker'), start('vote')])) as [
      Service,
      Service,
      Service,
    ];
    await vi.waitFor(
      () =>
        expect(services.every((service) => service.output().includes('does not answer, trying again'))).toBe(
          true,
        ),
      { timeout: 15_000 },
    );
    for (const service of services) {
      expect(await isReady(service)).toBe(false);
      expect((await fetch(`${service.ops}/healthz`)).status).toBe(200);
    }
    await redis.restart();
    await postgres.restart();
    await ready(...services);
    const [result, , vote] = services;
    await castVotes({ ...electorate, voters: 10, votesEach: 1 }, [vote.address]);
    await vi.waitFor(async () => expect((await results(result)).total).toBe(10), { timeout: 5_000 });
  });

  it('stops in good order also while it waits', { timeout: 60_000 }, async () => {
    await postgres.kill();
    const worker = await start('worker');
    await vi.waitFor(() => expect(worker.output()).toContain('trying again'), { timeout: 15_000 });
    expect((await end(worker, 'SIGTERM')).code).toBe(0);
    await postgres.restart();
  });
});

describe('what cannot be counted', () => {
  it('goes to the dead letters with its reason, and the rest flows', { timeout: 60_000 }, async () => {
    await startAfresh();
    const [vote, worker, result] = (await Promise.all([start('vote'), start('worker'), start('result')])) as [
      Service,
      Service,
      Service,
    ];
    await ready(vote, worker, result);
    const client = await createClient({ url: redis.url }).connect();
    await client.xAdd('votes', '*', { nonsense: 'x' });
    await client.xAdd('votes', '*', { poll: 'No such', voter: 'v1', option: 'a' });
    await client.xAdd('votes', '*', { poll: 'main', voter: 'v1', option: 'none' });
    await client.xAdd('votes', '*', { poll: 'main', voter: 'nul\u0000byte', option: 'a' });
    await castVotes({ ...electorate, voters: 5, votesEach: 1 }, [vote.address]);
    await vi.waitFor(async () => expect((await results(result)).total).toBe(5), { timeout: 5_000 });
    const dead = (await client.xRange('votes:dead', '-', '+')) ?? [];
    const reasons = dead.map((entry) => entry?.message.reason);
    expect(reasons.sort()).toEqual(['malformed voter', 'malformed voter', 'unknown option', 'unknown poll']);
    expect(await (await fetch(`${worker.ops}/metrics`)).text()).toMatch(
      /worker_dead_letters_total\{[^}]*reason="unknown poll"[^}]*\} 1/,
    );
    client.destroy();
  });
});

describe('two polls on one queue', () => {
  it('are counted by a worker of either, each for itself', { timeout: 120_000 }, async () => {
    await startAfresh();
    const lunch = {
      POLL_ID: 'lunch',
      POLL_QUESTION: 'What shall we eat?',
      OPTION_A: 'Pizza',
      OPTION_B: 'Curry',
    };
    const [vote, worker, result] = (await Promise.all([start('vote'), start('worker'), start('result')])) as [
      Service,
      Service,
      Service,
    ];
    await ready(vote, worker, result);
    const [mainPoll, lunchPoll] = ['/main/main', '/main/lunch'].map(
      (path) => new URL(path, vote.address).href,
    );
    const total = async (path = '') =>
      ((await (await fetch(new URL(`/api/results${path}`, result.address))).json()) as Results).total;
    await castVotes({ ...electorate, voters: 40, votesEach: 1 }, [vote.address]);
    await vi.waitFor(async () => expect(await total()).toBe(40), { timeout: 10_000 });
    expect((await fetch(lunchPoll as string)).status).toBe(404);

    // what is declared after another is on; the other goes on where it is named
    const lunchWorker = await start('worker', lunch);
    await ready(lunchWorker);
    await vi.waitFor(
      async () => expect(await (await fetch(vote.address)).text()).toContain('What shall we eat?'),
      {
        timeout: 10_000,
      },
    );
    await castVotes({ ...electorate, voters: 30, votesEach: 1 }, [vote.address]);
    await castVotes({ ...electorate, voters: 5, votesEach: 1 }, [mainPoll as string]);
    await vi.waitFor(
      async () =>
        expect([await total(), await total('/main/main'), await total('/main/lunch')]).toEqual([30, 45, 30]),
      { timeout: 20_000 },
    );
    for (const one of [worker, lunchWorker]) {
      expect(await (await fetch(`${one.ops}/metrics`)).text()).not.toMatch(
        /worker_dead_letters_total\{.*\} [1-9]/,
      );
    }
  });
});

describe('operations', () => {
  it('logs are JSON with a level, and never a voter beside a choice', { timeout: 60_000 }, async () => {
    await startAfresh();
    const [vote, worker] = (await Promise.all([
      start('vote', { LOG_LEVEL: 'trace' }),
      start('worker', { LOG_LEVEL: 'trace' }),
    ])) as [Service, Service];
    await ready(vote, worker);
    const histories = await castVotes({ ...electorate, voters: 5, votesEach: 2 }, [vote.address]);
    await fetch(vote.address, { method: 'POST', body: new URLSearchParams({ vote: 'zzz' }) });
    await counted();
    for (const service of [vote, worker]) {
      const lines = service.output().trim().split('\n');
      for (const line of lines)
        expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), service: expect.any(String) });
      for (const { voter } of histories) expect(service.output()).not.toContain(voter);
    }
  });

  it('metrics of every service say what was done', { timeout: 60_000 }, async () => {
    await startAfresh();
    const services = (await Promise.all([start('vote'), start('worker'), start('result')])) as [
      Service,
      Service,
      Service,
    ];
    await ready(...services);
    const [vote, worker, result] = services;
    await castVotes({ ...electorate, voters: 10, votesEach: 1 }, [vote.address]);
    await fetch(vote.address, { method: 'POST', body: new URLSearchParams({ vote: 'zzz' }) });
    const viewer = io(result.address, { transports: ['websocket'] });
    await vi.waitFor(async () => expect((await results(result)).total).toBe(10), { timeout: 5_000 });
    await vi.waitFor(() => expect(viewer.connected).toBe(true), { timeout: 10_000 });
    const metrics = async (service: Service) => (await fetch(`${service.ops}/metrics`)).text();
    expect(await metrics(vote)).toMatch(/vote_votes_accepted_total 10/);
    expect(await metrics(vote)).toMatch(/vote_votes_rejected_total\{[^}]*code="option_unknown"[^}]*\} 1/);
    expect(await metrics(vote)).toMatch(
      /vote_http_request_duration_seconds_count\{[^}]*method="POST"[^}]*status="202"[^}]*\} 10/,
    );
    expect(await metrics(worker)).toMatch(/worker_votes_counted_total 10/);
    for (const name of [
      'worker_batch_votes_sum',
      'worker_batch_duration_seconds_sum',
      'worker_queue_pending_votes',
      'worker_queue_lag_seconds',
    ]) {
      expect(await metrics(worker)).toContain(name);
    }
    expect(await metrics(result)).toMatch(/^result_viewers 1$/m);
    expect(await metrics(result)).toMatch(/^result_query_duration_seconds_count [1-9]/m);
    expect(await metrics(result)).toContain('result_last_broadcast_timestamp_seconds');
    viewer.close();
  });

  it('a vote under way when the service is told to stop is answered', { timeout: 60_000 }, async () => {
    await startAfresh();
    const vote = await start('vote');
    await ready(vote);
    await redis.pause();
    const body = 'vote=a';
    const answer = new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(Number(new URL(vote.address).port), '127.0.0.1');
      socket.write(
        `POST / HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      socket.on('data', (data) => {
        received += data;
      });
      socket.on('close', () => resolve(received));
    });
    await pauseFor(200);
    const ending = end(vote, 'SIGTERM');
    await pauseFor(200);
    await redis.resume();
    expect(await answer).toMatch(/^HTTP\/1\.1 202/);
    expect((await ending).code).toBe(0);
  });
});

describe('missing settings', () => {
  it.each([
    ['vote', ['VOTER_SECRET', 'REDIS_HOST']],
    ['worker', ['REDIS_HOST', 'POSTGRES_HOST']],
    ['result', ['POSTGRES_HOST']],
  ])('of %s are listed at once', async (name, missing) => {
    const { code, output } = await run(`${name}/src/main.ts`);
    expect(code).toBe(2);
    expect(output.match(/^ {2}([A-Z_]+): missing/gm)).toEqual(
      missing.map((variable) => `  ${variable}: missing`),
    );
  });
});
