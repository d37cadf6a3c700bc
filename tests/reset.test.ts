import { draftOf } from '@voting/core';
import { createPostgresStore, readPostgresSettings } from '@voting/store/postgres';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { isReady, run, startService } from './product.ts';
import { freePorts } from './servers/free-ports.ts';
import { ownPostgres, type PostgresServer, query, startPostgres } from './servers/postgres.ts';
import { ownRedis, type RedisServer, startRedis } from './servers/redis.ts';

const passwords = {
  POSTGRES_WORKER_PASSWORD: 'of the worker',
  POSTGRES_READER_PASSWORD: 'of the reader',
  POSTGRES_HOSTS_PASSWORD: 'of the hosts',
};

const connect = (url: string) => createClient({ url }).connect();

describe.runIf(ownRedis && ownPostgres)('reset of servers', { timeout: 120_000 }, () => {
  let redis: RedisServer;
  let postgres: PostgresServer;
  let url: string;
  let client: Awaited<ReturnType<typeof connect>>;

  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    client = await connect(redis.url);
  }, 60_000);
  afterAll(async () => {
    client?.destroy();
    await Promise.all([redis?.stop(), postgres?.stop()]);
  });
  beforeEach(async () => {
    url = await postgres.createDatabase();
    expect(await run('worker/src/migrate/main.ts', [], { DATABASE_URL: url, ...passwords })).toMatchObject({
      code: 0,
    });
    const store = createPostgresStore(readPostgresSettings(1)({ DATABASE_URL: url }), () => {});
    const lunch = { id: 'lunch', question: 'Lunch?', options: ['a', 'b'].map((id) => ({ id, label: id })) };
    await store.keepPoll(draftOf(lunch, 'main', 0));
    await store.record([{ poll: 'lunch', voter: 'v', option: 'a', sequence: 1n }], 0);
    await store.close();
  });
  afterEach(async () => {
    await client.flushAll();
  });

  const reset = (...args: string[]) =>
    run('tools/src/reset.ts', args, { DATABASE_URL: url, REDIS_URL: redis.url });
  const votes = async () => (await query(url, 'SELECT count(*)::int AS n FROM votes'))[0]?.n;

  it('says what would go and leaves it, unless it is told to', async () => {
    await client.xAdd('votes', '*', { waiting: 'vote' });
    const { code, output } = await reset();
    expect(output).toMatch(
      /^This would delete 1 vote, 1 poll and 1 room in voting_\w+ at 127\.0\.0\.1, and .* Run again with --yes to do it\.\n$/,
    );
    expect(code).toBe(1);
    expect(await votes()).toBe(1);
    expect(await client.exists('votes')).toBe(1);
  });

  it('leaves the main room, nothing of the queue in whatever partitions, and what is not ours', async () => {
    for (const stream of ['votes', 'votes:{3}', 'votes:dead', 'votes:{3}:dead']) {
      await client.xAdd(stream, '*', { waiting: 'vote' });
    }
    for (const key of ['founded', 'waiting']) await client.set(`{votes}:${key}`, '1');
    for (const key of ['gates', 'definitions']) await client.hSet(`{votes}:${key}`, 'a', 'b');
    await client.set('votes:{3}:founded', '1');
    await client.xAdd('{votes}:changes', '*', { a: 'b' });
    await client.set('of another program', '1');
    expect(await reset('--yes')).toEqual({ code: 0, output: expect.stringContaining('Emptied.') });
    expect(await client.keys('*')).toEqual(['of another program']);
    for (const table of ['votes', 'tallies', 'timeline', 'pipeline', 'polls']) {
      expect(await query(url, `SELECT count(*)::int AS n FROM ${table}`), table).toEqual([{ n: 0 }]);
    }
    expect(await query(url, 'SELECT id, on_poll FROM rooms')).toEqual([{ id: 'main', on_poll: null }]);
  });

  it('is refused while a worker reports, who counts from zero after it', async () => {
    const env = { DATABASE_URL: url, REDIS_URL: redis.url, WORKER_NAME: 'kay' };
    const start = async () => {
      const [port, ops] = (await freePorts(2)) as [number, number];
      const worker = startService('worker', { port, ops }, env);
      await vi.waitFor(async () => expect(await isReady(worker), worker.output()).toBe(true), {
        timeout: 30_000,
      });
      return worker;
    };
    const worker = await start();
    const refused = await reset('--yes');
    await worker.end('SIGTERM');
    expect(refused).toEqual({
      code: 1,
      output:
        'The worker kay has reported within the last 10 seconds. Stop vote, worker, result and host, wait until then, and try again. Nothing is changed.\n',
    });
    expect(await votes()).toBe(1);

    await query(url, "UPDATE pipeline SET beat_at = beat_at - interval '10 seconds'");
    expect((await reset('--yes')).code).toBe(0);
    const again = await start();
    expect(await query(url, 'SELECT id FROM polls')).toEqual([{ id: 'main' }]);
    expect(await client.hKeys('{votes}:gates')).toContain('main');
    expect((await again.end('SIGTERM')).code).toBe(0);
  });

  it('changes nothing in PostgreSQL when the queue cannot be emptied', async () => {
    await client.rPush('votes', 'of the example voting app');
    expect(await reset('--yes')).toEqual({
      code: 1,
      output: expect.stringContaining('something of another program'),
    });
    expect(await votes()).toBe(1);
    expect(await client.lLen('votes')).toBe(1);
  });

  it('is for who owns the tables', async () => {
    const asWorker = new URL(url);
    asWorker.username = 'voting_worker';
    const args = { DATABASE_URL: String(asWorker), REDIS_URL: redis.url };
    const { code, output } = await run('tools/src/reset.ts', ['--yes'], args);
    expect(output).toContain('PostgreSQL denies what is asked of it.');
    expect(code).toBe(1);
    expect(await votes()).toBe(1);
  });

  it('does not touch tables of another program', async () => {
    const other = await postgres.createDatabase();
    await query(other, 'CREATE TABLE votes (id int)');
    const env = { DATABASE_URL: other, REDIS_URL: redis.url };
    const { code, output } = await run('tools/src/reset.ts', ['--yes'], env);
    expect(output).toContain('tables of another program');
    expect(code).toBe(1);
  });

  it.each([
    ['DATABASE_URL', 'REDIS_HOST: missing'],
    ['REDIS_URL', 'POSTGRES_HOST: missing'],
  ])('needs more than %s', async (name, sentence) => {
    const address = name === 'DATABASE_URL' ? url : redis.url;
    const { code, output } = await run('tools/src/reset.ts', ['--yes'], { [name]: address });
    expect(output).toContain(sentence);
    expect(code).toBe(2);
    expect(await votes()).toBe(1);
  });
});
