import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Results } from '@voting/result';
import { roles } from '@voting/store/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isReady, run, type Service, startService } from './product.ts';
import { freePorts } from './servers/free-ports.ts';
import { giveToServer, ownPostgres, type PostgresServer, query, startPostgres } from './servers/postgres.ts';
import { type RedisServer, startRedis } from './servers/redis.ts';
import { castVotes } from './voters.ts';

const passwords = {
  POSTGRES_WORKER_PASSWORD: 'of the worker',
  POSTGRES_READER_PASSWORD: 'of the reader',
  POSTGRES_HOSTS_PASSWORD: 'of the hosts',
};
const hostKey = 'the-key-of-the-host-of-the-tests';
const running = new Set<Service>();
let folder: string;
let redis: RedisServer;
let postgres: PostgresServer;

beforeAll(async () => {
  if (!ownPostgres) return;
  folder = await mkdtemp(join(tmpdir(), 'voting-roles-'));
  const hba = join(folder, 'hba');
  const asked = `${roles.worker},${roles.reader},${roles.host}`;
  await writeFile(hba, `host all ${asked} 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n`);
  await giveToServer(folder, hba);
  [redis, postgres] = await Promise.all([startRedis(), startPostgres({ args: ['-c', `hba_file=${hba}`] })]);
}, 120_000);
afterEach(async () => {
  await Promise.all([...running].map((service) => service.end('SIGKILL')));
  running.clear();
});
afterAll(async () => {
  await Promise.all([redis?.stop(), postgres?.stop()]);
  if (folder) await rm(folder, { recursive: true });
});

/** The variables of whoever connects to the database at `url` as `user`. */
function connecting(url: string, user: string, password = ''): NodeJS.ProcessEnv {
  const { hostname, port, pathname } = new URL(url);
  return {
    POSTGRES_HOST: hostname,
    POSTGRES_PORT: port,
    POSTGRES_DB: pathname.slice(1),
    POSTGRES_USER: user,
    POSTGRES_PASSWORD: password,
  };
}

const asOwner = (url: string) => connecting(url, 'postgres');
const asWorker = (url: string) => connecting(url, roles.worker, passwords.POSTGRES_WORKER_PASSWORD);
const asReader = (url: string) => connecting(url, roles.reader, passwords.POSTGRES_READER_PASSWORD);
const asHost = (url: string) => connecting(url, roles.host, passwords.POSTGRES_HOSTS_PASSWORD);
const migrate = (url: string) => run('worker/src/migrate/main.ts', [], { ...asOwner(url), ...passwords });

async function start(name: 'vote' | 'worker' | 'result' | 'host', env: NodeJS.ProcessEnv): Promise<Service> {
  const [port, ops] = (await freePorts(2)) as [number, number];
  const all = {
    REDIS_URL: redis.url,
    VOTER_SECRET: 'the voter secret of the tests',
    HOST_KEYS: `tests:${hostKey}`,
    CLAIM_IDLE_MS: '1000',
  };
  const service = startService(name, { port, ops }, { ...all, ...env });
  running.add(service);
  return service;
}

async function ready(...services: Service[]): Promise<void> {
  for (const service of services)
    await vi.waitFor(async () => expect(await isReady(service), service.output()).toBe(true), {
      timeout: 30_000,
      interval: 100,
    });
}

async function shows(result: Service, total: number): Promise<void> {
  const shown = async () => ((await (await fetch(`${result.address}/api/results`)).json()) as Results).total;
  await vi.waitFor(async () => expect(await shown()).toBe(total), { timeout: 30_000, interval: 100 });
}

describe.skipIf(!ownPostgres)(
  'the services as roles of their own (needs a PostgreSQL of its own)',
  {
    timeout: 120_000,
  },
  () => {
    it('wait for the roles, then count and show; recount repairs as the worker', async () => {
      const url = await postgres.createDatabase();
      const [worker, result, host] = await Promise.all([
        start('worker', asWorker(url)),
        start('result', asReader(url)),
        start('host', asHost(url)),
      ]);
      // of the roles nobody has made yet
      for (const service of [worker, result, host])
        await vi.waitFor(() => expect(service.output()).toContain('password authentication failed'), {
          timeout: 30_000,
        });
      expect(await Promise.all([worker, result, host].map(isReady))).toEqual([false, false, false]);
      expect(await migrate(url)).toMatchObject({ code: 0 });
      const vote = await start('vote', {});
      await ready(worker, result, host, vote);
      const made = await fetch(`${host.address}/api/rooms`, {
        method: 'POST',
        headers: { authorization: `Bearer ${hostKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ title: 'The hall' }),
      });
      expect(made.status).toBe(201);
      await castVotes({ options: ['a', 'b'], voters: 50, votesEach: 2, concurrency: 8, patienceMs: 30_000 }, [
        vote.address,
      ]);
      await shows(result, 50);

      const recount = (env: NodeJS.ProcessEnv, ...args: string[]) => run('tools/src/recount.ts', args, env);
      expect(await recount(asWorker(url))).toMatchObject({ code: 0 });
      await query(url, "UPDATE tallies SET votes = votes + 1 WHERE option = 'a'");
      const refused = await recount(asReader(url), '--repair');
      expect(refused).toEqual({
        code: 1,
        output: expect.stringMatching(/^PostgreSQL denies .*\(permission denied for table \w+\)\n$/),
      });
      expect(await recount(asWorker(url), '--repair')).toMatchObject({ code: 0 });
      await shows(result, 50);
    });

    it('go on through a rollout from version 0.1, in which one user owned everything', async () => {
      const url = await postgres.createDatabase();
      const [oldWorker, oldResult] = await Promise.all([
        start('worker', asOwner(url)),
        start('result', asOwner(url)),
      ]);
      const vote = await start('vote', {});
      await ready(oldWorker, oldResult, vote);
      const electorate = { options: ['a', 'b'], votesEach: 4, concurrency: 8, patienceMs: 60_000 };
      const voting = castVotes({ ...electorate, voters: 500 }, [vote.address]);
      await vi.waitFor(async () => expect(await query(url, 'SELECT 1 FROM votes LIMIT 1')).toHaveLength(1), {
        timeout: 30_000,
      });
      expect(await migrate(url)).toMatchObject({ code: 0 });
      const [worker, result] = await Promise.all([
        start('worker', asWorker(url)),
        start('result', asReader(url)),
      ]);
      await ready(worker, result);
      running.delete(oldWorker);
      await oldWorker.end('SIGTERM');
      await voting;
      await Promise.all([shows(result, 500), shows(oldResult, 500)]);
      expect(await run('tools/src/recount.ts', [], asOwner(url))).toMatchObject({ code: 0 });
    });

    it('say which right is missing, are not ready and not ended by it, and go on when it is given', async () => {
      const url = await postgres.createDatabase();
      expect(await migrate(url)).toMatchObject({ code: 0 });
      await query(
        url,
        'REVOKE INSERT ON polls FROM voting_worker; REVOKE SELECT ON tallies FROM voting_reader',
      );
      const [worker, result] = await Promise.all([
        start('worker', asWorker(url)),
        start('result', asReader(url)),
      ]);
      for (const [service, table] of [
        [worker, 'polls'],
        [result, 'tallies'],
      ] as const) {
        await vi.waitFor(
          () => expect(service.output()).toContain(`store_denied: permission denied for table ${table}`),
          {
            timeout: 30_000,
          },
        );
        expect(await isReady(service)).toBe(false);
      }
      expect(await migrate(url)).toMatchObject({ code: 0 });
      await ready(worker, result);
    });

    it('are prepared by a program that waits for PostgreSQL', async () => {
      const url = await postgres.createDatabase();
      await postgres.kill();
      const migrating = spawn(process.execPath, ['worker/src/migrate/main.ts'], {
        cwd: resolve(import.meta.dirname, '..'),
        env: { ...process.env, ...asOwner(url), ...passwords },
      });
      let output = '';
      migrating.stdout.on('data', (data) => {
        output += data;
      });
      const ended = once(migrating, 'close');
      await vi.waitFor(() => expect(output).toContain('does not answer'), { timeout: 30_000 });
      await postgres.restart();
      expect(await ended, output).toEqual([0, null]);
      expect(output).toContain('the roles are there and the schema is up to date');
    });
  },
);
