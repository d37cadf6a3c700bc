import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { VoteStore } from '@voting/core';
import { describeVoteStore } from '@voting/core/testing';
import { openSqliteStore } from '@voting/store/sqlite';
import { describe, expect, it } from 'vitest';
import { readMigrations } from '../src/migrations.ts';
import { migrate } from '../src/sqlite/migrate.ts';

describeVoteStore('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'votes-'));
  let current = await openSqliteStore(folder);
  return {
    // the same store for the suite, although it is opened anew after each look at its file
    store: new Proxy({} as VoteStore, { get: (_, name) => current[name as keyof VoteStore] }),
    async query(sql) {
      await current.close();
      const database = new DatabaseSync(join(folder, 'votes.db'));
      const rows = database.prepare(sql).all();
      database.close();
      current = await openSqliteStore(folder);
      return rows;
    },
    async close() {
      await current.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe('migrate', () => {
  const open = () => new DatabaseSync(':memory:');

  it('does nothing the second time', () => {
    const database = open();
    expect(migrate(database)).toEqual(readMigrations('sqlite').map(({ version }) => version));
    expect(migrate(database)).toEqual([]);
  });

  it('leaves nothing behind when a migration fails', () => {
    const database = open();
    const broken = [
      { version: 1, oldestCode: 1, sql: 'CREATE TABLE one (a int)' },
      { version: 2, oldestCode: 2, sql: 'CREATE TABLE nonsense (' },
    ];
    expect(() => migrate(database, broken)).toThrow();
    expect(database.prepare('SELECT name FROM sqlite_schema').all()).toEqual([]);
  });

  it('refuses a store that says it needs newer code', () => {
    const database = open();
    migrate(database);
    database.exec('INSERT INTO schema_versions (version, oldest_code) VALUES (99, 98)');
    expect(() => migrate(database)).toThrow(expect.objectContaining({ code: 'schema_too_new' }));
  });
});
