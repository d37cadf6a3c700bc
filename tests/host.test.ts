import { randomBytes } from 'node:crypto';
import { createRedisQueue, readRedisSettings } from '@voting/queue/redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isReady, run, type Service, startService } from './product.ts';
import { freePorts } from './servers/free-ports.ts';
import { ownPostgres, type PostgresServer, startPostgres } from './servers/postgres.ts';
import { ownRedis, type RedisServer, startRedis } from './servers/redis.ts';

const patience = { timeout: 30_000, interval: 100 };
const key = 'the-key-of-the-host-of-these-tests';
const passwords = {
  POSTGRES_WORKER_PASSWORD: 'of the worker',
  POSTGRES_READER_PASSWORD: 'of the reader',
  POSTGRES_HOSTS_PASSWORD: 'of the hosts',
};

describe.runIf(ownRedis && ownPostgres)('the host service by itself', { timeout: 120_000 }, () => {
  let redis: RedisServer;
  let postgres: PostgresServer;
  let host: Service;
  const opened: (() => unknown)[] = [];

  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    opened.push(() => Promise.all([redis.stop(), postgres.stop()]));
    host = await start('host', as('voting_host'));
  }, 120_000);
  afterAll(async () => {
    for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
  });

  function as(user: string): NodeJS.ProcessEnv {
    const url = new URL(postgres.url);
    url.username = user;
    return { DATABASE_URL: String(url) };
  }

  async function start(name: 'host' | 'worker', env: NodeJS.ProcessEnv): Promise<Service> {
    const [port, ops] = (await freePorts(2)) as [number, number];
    const all = { REDIS_URL: redis.url, HOST_KEYS: `tests:${key}`, CLAIM_IDLE_MS: '500' };
    const service = startService(name, { port, ops }, { ...all, ...env });
    opened.push(() => service.end('SIGKILL'));
    return service;
  }

  async function ready(service: Service): Promise<void> {
    await vi.waitFor(async () => expect(await isReady(service), service.output()).toBe(true), patience);
  }

  async function ask(method: string, path: string, body?: unknown) {
    const response = await fetch(`${host.address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'if-match': '*',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    // biome-ignore lint/suspicious/noExplicitAny: compared with what is expected
    return { status: response.status, json: (await response.json()) as any };
  }

  async function addPoll(): Promise<string> {
    const lunch = { question: 'Lunch?', options: ['Soup', 'Salad'] };
    const { json } = await ask('POST', '/api/rooms/hall/polls', lunch);
    return `/api/rooms/hall/polls/${json.id}`;
  }

  /** Casts a vote as the vote service does. */
  async function vote(path: string, option: string): Promise<void> {
    const queue = createRedisQueue(readRedisSettings({ REDIS_URL: redis.url }), () => {});
    const voter = randomBytes(16).toString('base64url');
    const poll = path.split('/').at(-1) as string;
    await queue.append({ poll, voter, option }).finally(() => queue.close());
  }

  async function final(path: string): Promise<void> {
    await vi.waitFor(async () => expect((await ask('GET', path)).json.final).toBe(true), patience);
  }

  it('waits for the tables, which others make', async () => {
    await vi.waitFor(() => expect(host.output()).toContain('does not answer'), patience);
    expect(await isReady(host)).toBe(false);
    expect(await run('worker/src/migrate/main.ts', [], { ...as('postgres'), ...passwords })).toMatchObject({
      code: 0,
    });
    const worker = await start('worker', as('voting_worker'));
    await Promise.all([ready(host), ready(worker)]);
  });

  it('leads a poll from a draft to what is final', async () => {
    expect(await ask('POST', '/api/rooms', { id: 'hall', title: 'The hall' })).toMatchObject({ status: 201 });
    const path = await addPoll();
    await expect(vote(path, 'a')).rejects.toMatchObject({ code: 'poll_unknown' });
    expect(await ask('POST', `${path}/open`)).toMatchObject({ status: 200, json: { state: 'open' } });
    for (const option of ['a', 'b', 'b']) await vote(path, option);
    expect(await ask('POST', `${path}/close`)).toMatchObject({ status: 200, json: { state: 'closed' } });
    await expect(vote(path, 'a')).rejects.toMatchObject({ code: 'poll_closed' });
    await final(path);
    expect((await ask('GET', `${path}/results`)).json).toMatchObject({
      options: [
        { id: 'a', votes: 1 },
        { id: 'b', votes: 2 },
      ],
      total: 3,
      final: true,
    });
  });

  it('closes nothing while Redis does not answer, and has the rest announced when it does', async () => {
    const [first, second] = [await addPoll(), await addPoll()];
    const { json: open } = await ask('POST', `${first}/open`);
    await redis.pause();
    try {
      expect(await ask('POST', `${first}/close`)).toMatchObject({
        status: 503,
        json: { code: 'queue_unavailable' },
      });
      expect((await ask('GET', first)).json).toEqual(open);
      expect(await ask('POST', `${second}/open`)).toMatchObject({ status: 200, json: { state: 'open' } });
      expect(await isReady(host)).toBe(true);
    } finally {
      await redis.resume();
    }
    await vi.waitFor(() => vote(second, 'a'), patience);
    await vi.waitFor(async () => expect((await ask('POST', `${first}/close`)).status).toBe(200), patience);
    await final(first);
  });

  it('says that PostgreSQL is gone, and goes on when it is back', async () => {
    const path = await addPoll();
    await postgres.kill();
    for (const [method, at] of [
      ['GET', path],
      ['POST', `${path}/open`],
      ['GET', '/api/rooms'],
    ] as const)
      expect(await ask(method, at)).toMatchObject({ status: 503, json: { code: 'store_unavailable' } });
    await postgres.restart();
    await vi.waitFor(async () => expect((await ask('POST', `${path}/open`)).status).toBe(200), patience);
    await vi.waitFor(() => vote(path, 'b'), patience);
  });

  it('ends in order when it is told to', async () => {
    expect(await host.end('SIGTERM')).toMatchObject({
      code: 0,
      output: expect.stringContaining('"poll opened"'),
    });
    expect(host.output()).not.toContain(key);
  });
});
