import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { QueuedVote } from '@voting/core';
import type { Results } from '@voting/result';
import { createPostgresStore, type PostgresStore, readPostgresSettings } from '@voting/store/postgres';
import { openSqliteStore } from '@voting/store/sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, type Product, run, startProduct } from './product.ts';
import { type PostgresServer, query, startPostgres } from './servers/postgres.ts';
import { findPostgresClient } from './servers/postgres-client.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the data folder of one process', () => {
  let product: Product | undefined;
  afterEach(async () => {
    await product?.end('SIGKILL');
  });

  const start = async (name: string) => {
    product = await startProduct({ DATA_DIR: join(folder, name) });
    return product;
  };
  const tool = (program: 'backup' | 'restore', dataDir: string, backup = 'backup'): Promise<Ended> =>
    run(`tools/src/${program}.ts`, [join(folder, backup)], { DATA_DIR: join(folder, dataDir) });
  const cast = (vote: string, cookie = '') =>
    fetch(String(product?.vote), {
      method: 'POST',
      body: new URLSearchParams({ vote }),
      headers: { cookie, accept: 'application/json' },
    });
  const tally = async () => {
    const { options } = (await (await fetch(`${product?.result}/api/results`)).json()) as Results;
    return Object.fromEntries(options.map(({ id, votes }) => [id, votes]));
  };

  it('is copied after a crash, and goes on elsewhere with the same votes and voters', {
    timeout: 120_000,
  }, async () => {
    await start('data');
    const [cookie] = (await cast('a')).headers.getSetCookie();
    for (let n = 0; n < 20; n++) expect((await cast('b')).status).toBe(202);
    await product?.end('SIGKILL');
    expect(await tool('backup', 'data')).toEqual({
      code: 0,
      output: `Backed up to ${join(folder, 'backup')}.\n`,
    });
    expect((await stat(join(folder, 'backup/voter-secret'))).mode & 0o077).toBe(0);

    expect(await tool('restore', 'elsewhere')).toEqual({
      code: 0,
      output: 'Restored 21 votes.\nThe tallies agree with them.\n',
    });
    await start('elsewhere');
    // results are read ten times a second
    await expect.poll(tally, { timeout: 10_000 }).toEqual({ a: 1, b: 20 });
    expect((await cast('b', cookie?.split(';')[0])).status).toBe(202);
    await expect.poll(tally, { timeout: 10_000 }).toEqual({ a: 0, b: 21 });
  });

  it('is copied while votes come in, as it is at one moment', { timeout: 120_000 }, async () => {
    await start('data');
    const voting = new AbortController();
    let acknowledged = 0;
    const votes = (async () => {
      while (!voting.signal.aborted) {
        expect((await cast('a')).status).toBe(202);
        acknowledged++;
      }
    })();
    while (acknowledged < 20) await new Promise(setImmediate);
    const before = acknowledged;
    const { code, output } = await tool('backup', 'data');
    voting.abort();
    await votes;
    expect([code, output]).toEqual([0, `Backed up to ${join(folder, 'backup')}.\n`]);
    expect((await stat(join(folder, 'backup'))).mode & 0o077).toBe(0);
    expect(await readdir(join(folder, 'data'))).not.toContain('backup.db');

    const restored = await tool('restore', 'elsewhere');
    const [, count] = /^Restored (\d+) votes\.\nThe tallies agree with them\.\n$/.exec(restored.output) ?? [];
    expect(Number(count)).toBeGreaterThanOrEqual(before);
    expect(Number(count)).toBeLessThanOrEqual(acknowledged);
  });

  it('is neither written over nor made up', {
    timeout: 120_000,
  }, async () => {
    await start('data');
    for (const [program, name, path, reason] of [
      ['backup', 'nothing', 'backup', 'There are no votes in'],
      ['backup', 'data', 'data', 'exists already. Choose another name.'],
      ['restore', 'data', 'data', 'A backup is restored into an empty folder only.'],
      ['restore', 'other', 'nothing', 'is no backup of a data folder.'],
    ] as const) {
      const { code, output } = await tool(program, name, path);
      expect(output).toContain(reason);
      expect(code).toBe(1);
    }
    await product?.end('SIGTERM');
    const { output } = await tool('restore', 'data', 'data');
    expect(output).toContain('A backup is restored into an empty folder only.');
  });

  it('can be restored again after an attempt that was interrupted', { timeout: 120_000 }, async () => {
    await start('data');
    await cast('a');
    await product?.end('SIGTERM');
    await tool('backup', 'data');
    await mkdir(join(folder, 'elsewhere'));
    for (const name of ['not-closed', 'voter-secret', 'votes.db.unfinished', 'votes.db.unfinished-wal']) {
      await writeFile(join(folder, 'elsewhere', name), 'half of it');
    }
    expect((await tool('restore', 'elsewhere')).output).toContain('Restored 1 vote.');
  });
});

describe('reset', () => {
  const data = () => join(folder, 'data');
  const reset = (...args: string[]) => run('tools/src/reset.ts', args, { DATA_DIR: data() });

  async function storeOneVote(): Promise<void> {
    const store = await openSqliteStore(data());
    await store.record([{ poll: 'main', voter: 'v1', option: 'a', sequence: 1n }], 0);
    await store.close();
    await writeFile(join(data(), 'voter-secret'), 'x'.repeat(40));
  }

  it('sets the votes aside when it is told to, and they can be restored', { timeout: 180_000 }, async () => {
    await storeOneVote();
    const asked = await reset();
    expect([asked.code, asked.output]).toEqual([1, expect.stringContaining('--yes')]);
    expect((await readdir(data())).sort()).toEqual(['voter-secret', 'votes.db']);

    const done = await reset('--yes');
    expect(done.code).toBe(0);
    const [aside = ''] = await readdir(data());
    expect(done.output).toContain(aside);
    const store = await openSqliteStore(data());
    expect((await store.snapshot(['main'])).tallies.get('main')).toEqual({});
    await store.close();

    const back = await run('tools/src/restore.ts', [join(data(), aside)], { DATA_DIR: join(folder, 'back') });
    expect(back.output).toContain('Restored 1 vote.');
  });

  it('is refused while somebody has the votes, or where there are none', { timeout: 180_000 }, async () => {
    expect(await reset('--yes')).toEqual({ code: 1, output: `There are no votes in ${data()}.\n` });
    await storeOneVote();
    const store = await openSqliteStore(data());
    const { code, output } = await reset('--yes');
    await store.close();
    expect([code, output]).toEqual([
      1,
      expect.stringContaining('Another process is using this data folder.'),
    ]);
  });

  it('is the way out for a folder of an earlier version, and for a damaged database', {
    timeout: 180_000,
  }, async () => {
    await mkdir(join(data(), 'postgres'), { recursive: true });
    await expect(openSqliteStore(data())).rejects.toMatchObject({ code: 'data_folder_outdated' });
    expect((await reset('--yes')).code).toBe(0);
    await writeFile(join(data(), 'votes.db'), 'not a database'.repeat(1_000));
    await expect(openSqliteStore(data())).rejects.toMatchObject({ code: 'data_folder_damaged' });
    expect((await reset('--yes')).code).toBe(0);
    await (await openSqliteStore(data())).close();
  });
});

const via = findPostgresClient();
if (via === undefined) {
  console.log('The tests of PostgreSQL backups are skipped: there is no pg_dump 18 and no Docker engine.');
}

describe.skipIf(via === undefined)('PostgreSQL', { timeout: 120_000 }, () => {
  let postgres: PostgresServer;
  let stores: PostgresStore[] = [];
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
  });
  afterAll(() => postgres?.stop());

  async function open(url: string): Promise<PostgresStore> {
    const store = createPostgresStore(readPostgresSettings(2)({ DATABASE_URL: url }), () => {});
    stores.push(store);
    await store.migrate();
    return store;
  }

  const file = () => join(folder, 'votes.sql.gz');
  const throughClient = via ? ['--via', via] : [];
  const tool = (program: 'backup' | 'restore', url: string, path = file()): Promise<Ended> =>
    run(`tools/src/${program}.ts`, [...throughClient, path], { DATABASE_URL: url });
  const recount = (url: string, ...args: string[]): Promise<Ended> =>
    run('tools/src/recount.ts', args, { DATABASE_URL: url });

  function votesOf(from: number, to: number, option: string, at = Date.now()): QueuedVote[] {
    return Array.from({ length: to - from }, (_, n) => ({
      poll: 'main',
      voter: `voter ${from + n}`,
      option,
      sequence: BigInt(at) * 2n ** 20n + BigInt(from + n),
    }));
  }

  async function databaseWithVotes(): Promise<string> {
    const url = await postgres.createDatabase();
    const store = await open(url);
    await store.record(votesOf(0, 3_000, 'a'), 1);
    await store.record(votesOf(2_000, 5_000, 'b'), 2);
    await store.beat('a worker', { pending: 3, oldestAgeMs: 0 });
    return url;
  }

  it('is dumped while votes are counted, at one moment, and goes on in an empty database', async () => {
    const url = await databaseWithVotes();
    const store = stores[0] as PostgresStore;
    let counting = true;
    const counted = (async () => {
      for (let n = 5_000; counting; n += 50) await store.record(votesOf(n, n + 50, 'a'), 1);
    })();
    const backup = await tool('backup', url);
    counting = false;
    await counted;
    expect(backup).toEqual({ code: 0, output: `Backed up to ${file()}.\n` });
    expect((await stat(file())).mode & 0o077).toBe(0);

    const other = await postgres.createDatabase();
    const { code, output } = await tool('restore', other);
    expect(output).toMatch(/^Restored \d+ votes\.\nThe tallies agree with them\.\n$/);
    expect(code).toBe(0);
    expect(await recount(other)).toEqual({
      code: 0,
      output: 'Poll main: the tallies agree with the votes.\n',
    });
    const restored = await open(other);
    const { tallies, pipeline } = await restored.snapshot(['main']);
    expect(tallies.get('main')?.b).toBe(3_000);
    expect(pipeline.beatAge).toBeUndefined();
    // what was in the queue all along comes again and changes nothing; what is newer counts
    expect(await restored.record(votesOf(0, 2_000, 'b', 1), 1)).toMatchObject({
      added: 0,
      changed: 0,
    });
    expect(await restored.record(votesOf(0, 2_000, 'b'), 1)).toMatchObject({
      added: 0,
      changed: 2_000,
    });
  });

  it('with the tables of a new installation counts as empty', async () => {
    await tool('backup', await databaseWithVotes());
    const fresh = await postgres.createDatabase();
    await open(fresh);
    const { output } = await tool('restore', fresh);
    expect(output).toContain('Restored 5000 votes.');
    expect((await (await open(fresh)).snapshot(['main'])).tallies.get('main')).toEqual({
      a: 2_000,
      b: 3_000,
    });
  });

  it('that holds votes is left as it is', async () => {
    const url = await databaseWithVotes();
    await tool('backup', url);
    const other = await postgres.createDatabase();
    await (await open(other)).record(votesOf(0, 1, 'a'), 1);
    expect(await tool('restore', other)).toEqual({
      code: 1,
      output: 'This database holds votes. A backup is restored into an empty one only.\n',
    });
    expect(await query(other, 'SELECT count(*)::int AS n FROM votes')).toEqual([{ n: 1 }]);
  });

  it('takes nothing of a backup that is damaged or breaks off', async () => {
    await tool('backup', await databaseWithVotes());
    const whole = await readFile(file());
    const statements = String(gunzipSync(whole));
    const damaged: [string, Buffer][] = [
      ['broken off', whole.subarray(0, whole.length - 2_000)],
      ['not compressed', Buffer.from(statements)],
      ['with a wrong statement', gzipSync(`${statements}\nSELECT nonsense;\n`)],
    ];
    for (const [name, content] of damaged) {
      const path = join(folder, `${name}.sql.gz`);
      await writeFile(path, content);
      const empty = await postgres.createDatabase();
      expect((await tool('restore', empty, path)).code, name).toBe(1);
      expect(await query(empty, "SELECT to_regclass('votes') AS votes"), name).toEqual([{ votes: null }]);
    }
  });

  it('says when tallies are wrong, or votes come from the future', async () => {
    const url = await databaseWithVotes();
    await (stores[0] as PostgresStore).record(votesOf(9_000, 9_001, 'a', Date.now() + 3_600_000), 1);
    await query(url, "UPDATE tallies SET votes = votes + 1 WHERE option = 'a'");
    await tool('backup', url);
    const { code, output } = await tool('restore', await postgres.createDatabase());
    expect(code).toBe(1);
    expect(output).toContain('Wrong tallies, as in the backup: 1.');
    expect(output).toMatch(/ahead of this clock/);
  });

  it('is recounted and repaired with the psql that a command reaches, as with a connection of its own', async () => {
    const url = await databaseWithVotes();
    await query(url, "UPDATE tallies SET votes = votes + 1 WHERE option = 'a'");
    const direct = await recount(url);
    expect(direct).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^option a: 2000 votes, but a tally/),
    });
    expect(await recount(url, '--via', via as string)).toEqual(direct);
    expect(await recount(url, '--via', via as string, '--repair')).toMatchObject({
      code: 0,
      output: expect.stringContaining('repaired'),
    });
    expect((await recount(url)).code).toBe(0);
  });

  it('is neither written over a file nor left half', async () => {
    await writeFile(file(), 'precious');
    expect((await tool('backup', postgres.url)).output).toContain('exists already. Choose another name.');
    await rm(file());
    const { code } = await tool('backup', postgres.url.replace(/postgres$/, 'no_such_database'));
    expect(code).toBe(1);
    await expect(stat(file())).rejects.toThrow();
    await expect(stat(`${file()}.unfinished`)).rejects.toThrow();
  });
});

describe('backup and restore', () => {
  it('say how they are called', async () => {
    for (const program of ['backup', 'restore']) {
      expect((await run(`tools/src/${program}.ts`)).code).toBe(2);
      expect((await run(`tools/src/${program}.ts`, ['--nonsense', 'x'])).code).toBe(2);
      const { code, output } = await run(`tools/src/${program}.ts`, ['--help']);
      expect([code, output]).toEqual([0, expect.stringContaining(`npm run ${program} -- FILE`)]);
    }
  });
});
