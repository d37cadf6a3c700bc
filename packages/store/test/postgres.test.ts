import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definePoll } from '@voting/core';
import { describePollStore, describeVoteStore, type StoreUnderTest } from '@voting/core/testing';
import { createPostgresStore, type PostgresConfig, readPostgresSettings } from '@voting/store/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  giveToServer,
  ownPostgres,
  type PostgresServer,
  query,
  startPostgres,
} from '../../../tests/servers/postgres.ts';
import { readMigrations } from '../src/migrations.ts';
import { createPostgresDriver } from '../src/postgres/driver.ts';
import { migrate } from '../src/postgres/migrate.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server?.stop());

const broken: Error[] = [];

function configOf(url: string, deadlineMs = 5_000): PostgresConfig {
  return { ...readPostgresSettings(3)({ DATABASE_URL: url }), deadlineMs, statementDeadlineMs: deadlineMs };
}

const versions = readMigrations('postgres').map(({ version }) => version);

const driverFor = (url: string) => createPostgresDriver(configOf(url), () => {});

async function open(url: string, deadlineMs?: number) {
  const config = configOf(url, deadlineMs);
  const store = createPostgresStore(config, (error) => broken.push(error));
  await store.migrate();
  return store;
}

const vote = (voter: string, option: string, n: number) => ({
  poll: 'main',
  voter,
  option,
  sequence: BigInt(n),
});

async function openEmpty(): Promise<StoreUnderTest> {
  const url = await server.createDatabase();
  const store = await open(url);
  return { store, query: (sql) => query(url, sql), close: () => store.close() };
}

describeVoteStore('PostgreSQL', openEmpty);
describePollStore('PostgreSQL', openEmpty);

it('takes its time to find the newest of very many votes', async () => {
  const url = await server.createDatabase();
  const store = await open(url, 2_000);
  await store.record([vote('v1', 'a', 77)], 0);
  const slow = createPostgresDriver(configOf(url), () => {});
  const locked = Promise.withResolvers<void>();
  const holding = slow.transaction(async (session) => {
    await session.script('LOCK TABLE votes');
    locked.resolve();
    // longer than any other statement may take, as a table of hundreds of millions would
    await session.script('SELECT pg_sleep(3)');
  });
  await locked.promise;
  expect(await store.newestSequence()).toBe(77n);
  await holding;
  await slow.close();
  await store.close();
});

describe('several services', () => {
  it('may migrate at once', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all(Array.from({ length: 6 }, () => open(url)));
    expect(await query(url, 'SELECT version FROM schema_versions ORDER BY version')).toEqual(
      versions.map((version) => ({ version })),
    );
    await Promise.all(stores.map((store) => store.close()));
  });

  it('leave nothing behind of a migration that fails', async () => {
    const url = await server.createDatabase();
    const driver = driverFor(url);
    const broken = [
      { version: 1, oldestCode: 1, sql: 'CREATE TABLE one (a int)' },
      { version: 2, oldestCode: 2, sql: 'CREATE TABLE nonsense (' },
    ];
    await expect(migrate(driver, broken)).rejects.toThrow();
    await driver.close();
    expect(await query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  it('find nothing left to migrate', async () => {
    const url = await server.createDatabase();
    const driver = driverFor(url);
    expect(await migrate(driver)).toEqual(versions);
    expect(await migrate(driver)).toEqual([]);
    await driver.close();
  });

  it('migrate what version 0.1 made, with its votes', async () => {
    const url = await server.createDatabase();
    await query(url, readFileSync(join(import.meta.dirname, 'fixtures/version-0.1.sql'), 'utf8'));
    const [, ...later] = versions;
    const driver = driverFor(url);
    expect(await migrate(driver)).toEqual(later);
    await driver.close();

    const store = await open(url);
    const cats = definePoll('main', 'Cats vs Dogs!', ['Cats', 'Dogs']);
    expect(await store.declare(cats)).toMatchObject({ state: 'open', room: 'main', visibility: 'live' });
    const pizza = definePoll('main', 'Pizza or curry?', ['Pizza', 'Curry']);
    await expect(store.declare(pizza)).rejects.toMatchObject({ code: 'poll_differs' });
    expect((await store.snapshot(['main'])).tallies.get('main')).toEqual({ a: 20, b: 20 });
    expect(await store.recount('main', false)).toEqual([]);
    const newest = await store.newestSequence();
    expect(newest).toBe(1883275079103545344n);
    // a voter of then is found again, in spite of ids that polls have now
    const again = { poll: 'main', voter: '21KDOBLoCw-Ay7y2L3JAxg', option: 'a', sequence: newest + 1n };
    expect(await store.record([again], 0)).toEqual({ added: 0, changed: 1, stale: 0 });
    expect((await store.snapshot(['main'])).tallies.get('main')).toEqual({ a: 21, b: 19 });
    await store.close();
  });

  it('work with a newer schema that says they can, as an old pod during a rollout has to', async () => {
    const url = await server.createDatabase();
    const driver = driverFor(url);
    const known = readMigrations('postgres');
    const version = known.length + 1;
    const sql = 'ALTER TABLE votes ADD COLUMN later text';
    await migrate(driver, [...known, { version, oldestCode: known.length, sql }]);
    await driver.close();

    const old = await open(url);
    await old.checkSchema();
    await old.record([vote('v1', 'a', 1)], 0);
    expect((await old.snapshot(['main'])).tallies.get('main')).toEqual({ a: 1 });
    await old.close();
  });

  it('refuse a newer schema that says they cannot', async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    await query(url, 'INSERT INTO schema_versions (version, oldest_code) VALUES (99, 98)');
    await expect(open(url)).rejects.toMatchObject({ code: 'schema_too_new' });
    await expect(store.checkSchema()).rejects.toMatchObject({ code: 'schema_too_new' });
    await store.close();
  });

  it('take their time to migrate, beyond the limit of other statements', async () => {
    const url = await server.createDatabase();
    await query(
      url,
      'CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); END $$',
    );
    await query(url, 'CREATE EVENT TRIGGER slow ON ddl_command_start EXECUTE FUNCTION slow()');
    await (await open(url, 500)).close();
    expect(await query(url, 'SELECT version FROM schema_versions ORDER BY version')).toEqual(
      versions.map((version) => ({ version })),
    );
  });

  it('that only read wait for the tables, and make none', async () => {
    const url = await server.createDatabase();
    const reader = createPostgresStore(configOf(url), () => {});
    await expect(reader.checkSchema()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
    await (await open(url)).close();
    await reader.checkSchema();
    await reader.close();
  });

  it('say that a database is of another program', async () => {
    const url = await server.createDatabase();
    await query(url, 'CREATE TABLE votes (id varchar(255) NOT NULL UNIQUE, vote varchar(255) NOT NULL)');
    await expect(open(url)).rejects.toMatchObject({ code: 'store_foreign' });
    const reader = createPostgresStore(configOf(url), () => {});
    await expect(reader.checkSchema()).rejects.toMatchObject({ code: 'store_foreign' });
    await reader.close();
  });

  it('record overlapping voters from several stores without deadlock', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(url)));
    const voters = Array.from({ length: 500 }, (_, i) => `v${i}`);
    await Promise.all(
      Array.from({ length: 40 }, (_, round) => {
        const order = round % 2 === 0 ? voters : voters.toReversed();
        const batch = order.map((voter, i) => vote(voter, 'abc'[round % 3] as string, round * 500 + i + 1));
        return (stores[round % 4] as (typeof stores)[0]).record(batch, round % 4);
      }),
    );
    const [first] = stores as [(typeof stores)[0]];
    expect(await first.recount('main', false)).toEqual([]);
    expect((await first.snapshot(['main'])).tallies.get('main')).toMatchObject({ a: 500 });
    await Promise.all(stores.map((store) => store.close()));
  });

  it('may record while tallies are mended', async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    await store.record([vote('v1', 'a', 1)], 0);
    await query(url, 'UPDATE tallies SET votes = 5');
    await query(
      url,
      "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(TG_ARGV[0]::integer); RETURN NULL; END'",
    );
    // the batch is committed after the old tallies are gone and before the new ones are made, if nothing prevents it
    await query(
      url,
      'CREATE TRIGGER slow_batch AFTER INSERT ON tallies FOR EACH STATEMENT EXECUTE FUNCTION slow(1)',
    );
    await query(
      url,
      'CREATE TRIGGER slow_mending AFTER DELETE ON tallies FOR EACH STATEMENT EXECUTE FUNCTION slow(2)',
    );
    const recording = store.record([vote('v2', 'a', 2)], 1);
    const asleep =
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    await vi.waitFor(async () => expect(await query(url, asleep)).toHaveLength(1), { timeout: 5_000 });
    await store.recount('main', true);
    await recording;
    expect(await store.recount('main', false)).toEqual([]);
    expect((await store.snapshot(['main'])).tallies.get('main')).toEqual({ a: 2 });
    await store.close();
  });
});

describe.skipIf(!ownPostgres)(
  'a server that fails (needs a server of its own, not TEST_DATABASE_URL)',
  () => {
    let failing: PostgresServer;
    let store: Awaited<ReturnType<typeof open>>;
    afterEach(async () => {
      await failing.resume().catch(() => {});
      await store.close();
      await failing.stop();
    });

    async function start(deadlineMs?: number) {
      failing = await startPostgres();
      store = await open(failing.url, deadlineMs);
    }

    it('is store_unavailable while it is down, and served again without a restart of ours', async () => {
      await start();
      await store.record([vote('v1', 'a', 1)], 0);
      await failing.kill();
      await expect(store.record([vote('v2', 'a', 2)], 0)).rejects.toMatchObject({
        code: 'store_unavailable',
      });
      await expect(store.snapshot(['main'])).rejects.toMatchObject({ code: 'store_unavailable' });
      await failing.restart();
      await vi.waitFor(() => store.record([vote('v2', 'b', 2)], 0), { timeout: 10_000 });
      expect((await store.snapshot(['main'])).tallies.get('main')).toEqual({ a: 1, b: 1 });
    });

    it('is store_unavailable when it is frozen, within the deadline', async () => {
      await start(1_000);
      await failing.pause();
      const started = Date.now();
      await expect(store.snapshot(['main'])).rejects.toMatchObject({ code: 'store_unavailable' });
      expect(Date.now() - started).toBeLessThan(3_000);
      await failing.resume();
      await vi.waitFor(() => store.snapshot(['main']), { timeout: 10_000 });
    });

    it('is store_unavailable when it is read-only, and nothing is stored', async () => {
      await start();
      await query(failing.url, 'ALTER SYSTEM SET default_transaction_read_only = on');
      await query(failing.url, 'SELECT pg_reload_conf()');
      const refused = () => store.record([vote('v1', 'a', 1)], 0);
      await vi.waitFor(() => expect(refused()).rejects.toMatchObject({ code: 'store_unavailable' }), {
        timeout: 5_000,
      });
    });

    it('leaves nothing of a batch whose connection is cut', async () => {
      await start();
      await query(
        failing.url,
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END'",
      );
      await query(
        failing.url,
        'CREATE TRIGGER slow AFTER INSERT ON tallies FOR EACH STATEMENT EXECUTE FUNCTION slow()',
      );
      const recording = store.record([vote('v1', 'a', 1)], 0);
      const refused = expect(recording).rejects.toMatchObject({ code: 'store_unavailable' });
      await new Promise((resolve) => setTimeout(resolve, 300));
      await query(
        failing.url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%INSERT INTO votes%' AND pid <> pg_backend_pid()",
      );
      await refused;
      await query(failing.url, 'DROP TRIGGER slow ON tallies');
      expect((await store.snapshot(['main'])).tallies.get('main')).toEqual({});
      await store.record([vote('v1', 'a', 1)], 0);
      expect((await store.snapshot(['main'])).tallies.get('main')).toEqual({ a: 1 });
    });

    it('does not end the process when a connection breaks between two statements', async () => {
      await start();
      const config = readPostgresSettings(1)({ DATABASE_URL: failing.url });
      const driver = createPostgresDriver(config, () => {});
      const others = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      const uncaught = vi.fn();
      process.on('uncaughtException', uncaught);
      try {
        const transaction = driver.transaction(async (session) => {
          const [own] = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
          await query(failing.url, `SELECT pg_terminate_backend(${own?.pid})`);
          await new Promise((resolve) => setTimeout(resolve, 200));
        });
        await expect(transaction).rejects.toThrow();
        expect(uncaught).not.toHaveBeenCalled();
      } finally {
        process.removeListener('uncaughtException', uncaught);
        for (const listener of others) process.on('uncaughtException', listener);
        await driver.close();
      }
    });

    it('listens again after its connection was cut, and says that something may have been missed', async () => {
      await start();
      let calls = 0;
      const stop = await store.onChange(() => calls++);
      await query(
        failing.url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1'",
      );
      await vi.waitFor(() => expect(calls).toBe(1), { timeout: 5_000 });
      await store.record([vote('v1', 'a', 1)], 0);
      await vi.waitFor(() => expect(calls).toBe(2), { timeout: 5_000 });
      await stop();
    });

    it('listens again after a restart of the server', async () => {
      await start(1_000);
      let calls = 0;
      const stop = await store.onChange(() => calls++);
      await failing.restart();
      await vi.waitFor(() => expect(calls).toBeGreaterThan(0), { timeout: 10_000 });
      calls = 0;
      await vi.waitFor(() => store.record([vote('v1', 'a', 1)], 0), { timeout: 10_000 });
      await vi.waitFor(() => expect(calls).toBe(1), { timeout: 5_000 });
      await stop();
    });
  },
);

describe.skipIf(!ownPostgres)('a server with TLS (needs a server of its own, not TEST_DATABASE_URL)', () => {
  let folder: string;
  let secure: PostgresServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voting-tls-'));
    const key = join(folder, 'key.pem');
    const certificate = join(folder, 'certificate.pem');
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const kind = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ];
    execFileSync('openssl', [...kind, ...subject, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    await giveToServer(folder, key);
    const settings = ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`];
    secure = await startPostgres({ args: settings.flatMap((setting) => ['-c', setting]) });
  }, 60_000);
  afterAll(async () => {
    await secure?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function openBy(env: Record<string, string>) {
    const config = readPostgresSettings(2)({
      POSTGRES_HOST: 'localhost',
      POSTGRES_PORT: String(secure.port),
      ...env,
    });
    return createPostgresStore(config, () => {});
  }

  it.each([
    ['encrypted', { POSTGRES_SSLMODE: 'require' }, true],
    ['in the clear', { POSTGRES_SSLMODE: 'disable' }, false],
  ])('is spoken to %s as asked', async (_how, env, encrypted) => {
    const store = openBy(env);
    await store.migrate();
    await store.snapshot(['main']);
    const seen = await query(
      secure.url,
      "SELECT bool_and(ssl) AS encrypted FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'voting-app'",
    );
    expect(seen).toEqual([{ encrypted }]);
    await store.close();
  });

  it('is checked when asked, against the authorities given', async () => {
    const trusting = openBy({
      POSTGRES_SSLMODE: 'verify-full',
      POSTGRES_SSL_CA_FILE: join(folder, 'certificate.pem'),
    });
    await trusting.migrate();
    await trusting.close();
    const doubting = openBy({ POSTGRES_SSLMODE: 'verify-full' });
    await expect(doubting.migrate()).rejects.toMatchObject({ code: 'store_unavailable' });
    await doubting.close();
  });
});

describe('readPostgresSettings', () => {
  const read = (env: Record<string, string>) => readPostgresSettings(3)(env);

  it('takes an address or its parts', () => {
    expect(read({ DATABASE_URL: 'postgres://u:p%40ss@db:5433/votes?sslmode=require' })).toMatchObject({
      host: 'db',
      port: 5433,
      user: 'u',
      password: 'p@ss',
      database: 'votes',
      sslMode: 'require',
    });
    expect(read({ POSTGRES_HOST: 'db', POSTGRES_PASSWORD: 'x' })).toMatchObject({
      host: 'db',
      port: 5432,
      user: 'postgres',
    });
  });

  it.each([
    [{}, 'POSTGRES_HOST: missing (or set DATABASE_URL)'],
    [{ DATABASE_URL: 'mysql://secret@db' }, 'DATABASE_URL: must be postgres://'],
    [{ POSTGRES_HOST: 'db', POSTGRES_SSLMODE: 'maybe' }, 'POSTGRES_SSLMODE: must be one of'],
    [{ POSTGRES_HOST: 'db', POSTGRES_SSL_CA_FILE: '/nowhere' }, 'POSTGRES_SSL_CA_FILE: cannot be read'],
  ])('refuses %j', (env, fault) => {
    expect(() => read(env as Record<string, string>)).toThrow(fault);
    expect(() => read(env as Record<string, string>)).not.toThrow('secret');
  });
});

describe.skipIf(!ownPostgres)('a read replica (needs servers of its own, not TEST_DATABASE_URL)', () => {
  let folders: readonly [string, string];
  let primary: PostgresServer;
  let replica: PostgresServer;

  beforeAll(async () => {
    folders = [
      await mkdtemp(join(tmpdir(), 'voting-primary-')),
      await mkdtemp(join(tmpdir(), 'voting-replica-')),
    ];
    const [from, to] = folders;
    [primary, replica] = await Promise.all([startPostgres({ dir: from }), startPostgres({ dir: to })]);
    await (await open(primary.url)).close();
    await Promise.all([primary.kill(), replica.kill()]);
    await rm(join(to, 'data'), { recursive: true });
    execFileSync('cp', ['-a', join(from, 'data'), join(to, 'data')]);
    await rm(join(to, 'data/postmaster.pid'), { force: true });
    const upstream = `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=postgres'\n`;
    await appendFile(join(to, 'data/postgresql.auto.conf'), upstream);
    await writeFile(join(to, 'data/standby.signal'), '');
    await giveToServer(join(to, 'data/standby.signal'));
    await primary.restart();
    await replica.restart();
  }, 120_000);
  afterAll(async () => {
    await Promise.all([primary?.stop(), replica?.stop()]);
    await Promise.all((folders ?? []).map((folder) => rm(folder, { recursive: true, force: true })));
  });

  it('serves whoever reads, who is told of changes although it lets nobody listen', async () => {
    const writer = await open(primary.url);
    const reader = createPostgresStore(configOf(replica.url), () => {});
    await reader.checkSchema();
    let changes = 0;
    const stop = await reader.onChange(() => changes++);
    await writer.record([vote('v1', 'a', 1)], 0);
    await vi.waitFor(
      async () => expect((await reader.snapshot(['main'])).tallies.get('main')).toEqual({ a: 1 }),
      15_000,
    );
    const seen = changes;
    await vi.waitFor(() => expect(changes).toBeGreaterThan(seen), 15_000);
    await stop();
    await Promise.all([writer.close(), reader.close()]);
  });
});
