import type { Results } from '@voting/result';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isReady, run, type Service, startService } from './product.ts';
import { freePorts } from './servers/free-ports.ts';
import { ownPostgres, type PostgresServer, query, startPostgres } from './servers/postgres.ts';
import { ownRedis, type RedisServer, startRedis } from './servers/redis.ts';

const key = 'the-key-of-the-host-of-these-tests';
const patience = { timeout: 30_000, interval: 100 };

describe.runIf(ownRedis && ownPostgres)('seed', { timeout: 120_000 }, () => {
  let redis: RedisServer;
  let postgres: PostgresServer;
  const services: Partial<Record<'worker' | 'vote' | 'result' | 'host', Service>> = {};

  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    const env = {
      REDIS_URL: redis.url,
      DATABASE_URL: postgres.url,
      HOST_KEYS: `tests:${key}`,
      VOTER_SECRET: 'the voter secret of these tests',
    };
    for (const name of ['worker', 'vote', 'result', 'host'] as const) {
      const [port, ops] = (await freePorts(2)) as [number, number];
      services[name] = startService(name, { port, ops }, env);
    }
    for (const service of Object.values(services)) {
      await vi.waitFor(async () => expect(await isReady(service), service.output()).toBe(true), {
        ...patience,
        timeout: 60_000,
      });
    }
  }, 120_000);
  afterAll(async () => {
    await Promise.all(Object.values(services).map((service) => service.end('SIGKILL')));
    await Promise.all([redis?.stop(), postgres?.stop()]);
  });

  const seed = (...args: string[]) =>
    run('seed-data/src/main.ts', args, {
      VOTE_URL: services.vote?.address,
      HOST_URL: services.host?.address,
      HOST_KEY: key,
    });

  async function votesAt(path: string): Promise<Record<string, number>> {
    const answer = await fetch(`${services.result?.address}/api/results${path}`);
    const { options } = (await answer.json()) as Results;
    return Object.fromEntries(options.map(({ id, votes }) => [id, Number(votes)]));
  }

  async function showsSoon(path: string, votes: Record<string, number>): Promise<void> {
    await vi.waitFor(async () => expect(await votesAt(path)).toEqual(votes), patience);
  }

  it('votes in a poll of its own, twice in two of them, and what is on in the main room is left alone', async () => {
    const first = await seed('--votes', 'a=20,c=10');
    expect(first.code, first.output).toBe(0);
    const [, path = ''] = /^results {3}(\/seed\/[a-z0-9]+) on the result page/.exec(first.output) ?? [];
    await showsSoon('/seed', { a: 20, b: 0, c: 10 });

    const second = await seed('--votes', 'a=1,b=2');
    expect(second.code, second.output).toBe(0);
    await showsSoon('/seed', { a: 1, b: 2 });
    expect(await votesAt(path)).toEqual({ a: 20, b: 0, c: 10 });
    expect(await votesAt('')).toEqual({ a: 0, b: 0 });
  });

  it('votes in a poll that it is told, or in what is on, as anybody may', async () => {
    expect(await seed('--poll', 'on', '--votes', 'a=3')).toMatchObject({ code: 0 });
    expect(await seed('--poll', 'main', '--votes', 'b=2')).toMatchObject({ code: 0 });
    await showsSoon('', { a: 3, b: 2 });
    expect(await seed('--poll', 'lunch')).toMatchObject({
      code: 1,
      output: expect.stringContaining('knows no open or closed poll lunch in the room main.'),
    });
  });

  it('says that the key is not one of the service, and what is wrong with what it asks for', async () => {
    const wrong = await run('seed-data/src/main.ts', [], {
      VOTE_URL: services.vote?.address,
      HOST_URL: services.host?.address,
      HOST_KEY: 'a-key-that-nobody-has-given',
    });
    expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('HOST_KEY has to be one of') });
    expect(await query(postgres.url, "SELECT count(*)::int AS n FROM polls WHERE room = 'seed'")).toEqual([
      { n: 2 },
    ]);
  });
});
