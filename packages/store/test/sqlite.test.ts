import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { QueuedVote } from '@voting/core';
import { describePollStore, describeVoteStore, type StoreUnderTest } from '@voting/core/testing';
import { openSqliteStore } from '@voting/store/sqlite';
import { describe, expect, it } from 'vitest';
import { readMigrations } from '../src/migrations.ts';
import { migrate } from '../src/sqlite/migrate.ts';

async function openEmpty(): Promise<StoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'votes-'));
  let current = await openSqliteStore(folder);
  return {
    // the same store for the suite, although it is opened anew after each look at its file
    store: new Proxy({} as StoreUnderTest['store'], {
      get: (_, name) => current[name as keyof StoreUnderTest['store']],
    }),
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
}

describeVoteStore('SQLite', openEmpty);
describePollStore('SQLite', openEmpty);

describe('a backup', () => {
  it('is made while one batch follows the other, and has whole batches', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'votes-'));
    const store = await openSqliteStore(join(folder, 'data'));
    const backedUp = new AbortController();
    let recorded = 0;
    const batches = (async () => {
      while (!backedUp.signal.aborted) {
        await store.record(newVotes(recorded, batchSize), 0);
        recorded += batchSize;
      }
    })();
    for (let copy = 0; copy < 10; copy++) {
      const before = recorded;
      const file = join(folder, `${copy}.db`);
      await store.backUp(file);
      const copied = votesIn(file);
      expect(copied).toBeGreaterThanOrEqual(before);
      expect(copied % batchSize).toBe(0);
    }
    backedUp.abort();
    await batches;
    await store.close();
    await rm(folder, { recursive: true });
  });

  const batchSize = 1_000;

  function newVotes(after: number, count: number): QueuedVote[] {
    return Array.from({ length: count }, (_, n) => {
      const sequence = BigInt(after + n + 1);
      return { poll: 'main', voter: `v${sequence}`, option: 'a', sequence };
    });
  }

  function votesIn(file: string): number {
    const database = new DatabaseSync(file);
    const row = database.prepare('SELECT count(*) AS votes FROM votes').get();
    database.close();
    return Number(row?.votes);
  }
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
