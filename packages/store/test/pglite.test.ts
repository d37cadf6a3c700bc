import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { describeVoteStore } from '@voting/core/testing';
import { openPgliteStore } from '@voting/store/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../src/migrate.ts';
import { createPgliteDriver } from '../src/pglite/driver.ts';
import { createVoteStore } from '../src/vote-store.ts';

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
});
afterAll(() => database.close());

describeVoteStore('PGlite', async () => {
  await database.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  const driver = createPgliteDriver(database);
  await migrate(driver);
  return {
    store: createVoteStore(driver),
    query: (sql) => driver.query(sql),
    close: async () => {},
  };
});

describe('migrate', () => {
  beforeEach(() => database.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));

  it('does nothing the second time', async () => {
    const driver = createPgliteDriver(database);
    expect(await migrate(driver)).toEqual([1]);
    expect(await migrate(driver)).toEqual([]);
  });

  it('leaves nothing behind when a migration fails', async () => {
    const driver = createPgliteDriver(database);
    const broken = [
      { version: 1, sql: 'CREATE TABLE one (a int)' },
      { version: 2, sql: 'CREATE TABLE nonsense (' },
    ];
    await expect(migrate(driver, broken)).rejects.toThrow();
    expect(await driver.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  it('refuses a store that a newer version wrote', async () => {
    const driver = createPgliteDriver(database);
    await migrate(driver);
    await driver.query('INSERT INTO schema_versions (version) VALUES (99)');
    await expect(migrate(driver)).rejects.toMatchObject({ code: 'schema_too_new' });
  });
});

describe('the data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'votes-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const vote = { poll: 'main', voter: 'v1', option: 'a', sequence: 1n };

  it('keeps votes when the process is killed', async () => {
    const program = `
      import { openPgliteStore } from '@voting/store/pglite';
      const store = await openPgliteStore(${JSON.stringify(folder)});
      await store.record('main', [{ poll: 'main', voter: 'v1', option: 'a', sequence: 1n }], 0);
      process.kill(process.pid, 'SIGKILL');`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
    });
    await expect(run).rejects.toMatchObject({ signal: 'SIGKILL' });
    const store = await openPgliteStore(folder);
    expect((await store.snapshot('main')).tally).toEqual({ a: 1 });
    await store.close();
  });

  it('is taken by one process at a time', async () => {
    const store = await openPgliteStore(folder);
    await expect(openPgliteStore(folder)).rejects.toMatchObject({ code: 'data_folder_in_use' });
    await store.record('main', [vote], 0);
    await store.close();
    await (await openPgliteStore(folder)).close();
  });

  it('is made anew when the first start was interrupted', async () => {
    const unfinished = join(folder, 'postgres.unfinished');
    await writeFile(unfinished, 'half a database');
    await (await openPgliteStore(folder)).close();
  });

  it('is refused in one sentence when it cannot be written', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await chmod(file, 0o400);
    await expect(openPgliteStore(join(file, 'data'))).rejects.toMatchObject({ code: 'data_folder_unusable' });
  });
});
