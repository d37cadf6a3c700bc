import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { draftOf, type PollStore, type QueuedVote, type VoteStore } from '@voting/core';
import { createPostgresStore, readPostgresSettings } from '@voting/store/postgres';
import { openSqliteStore } from '@voting/store/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, run } from './product.ts';
import { type PostgresServer, query, startPostgres } from './servers/postgres.ts';
import { findPostgresClient } from './servers/postgres-client.ts';

const spoil = "UPDATE tallies SET votes = votes + 1 WHERE poll = 'lunch' AND option = 'a'";
const agrees = (poll: string) => `Poll ${poll}: the tallies agree with the votes.\n`;
const wrong =
  'option a: 2 votes, but a tally of 3\nPoll lunch: the tallies are wrong. Run again with --repair to set them right.\n';

/** A poll as of before there were definitions, one with votes, and one without any. */
async function fill(store: VoteStore & PollStore): Promise<void> {
  const lunch = { id: 'lunch', question: 'Lunch?', options: ['a', 'b'].map((id) => ({ id, label: id })) };
  await store.keepPoll(draftOf(lunch, 'main', 1));
  await store.keepPoll(draftOf({ ...lunch, id: 'tea' }, 'main', 2));
  const votes = ['main', 'lunch', 'lunch'].map(
    (poll, n): QueuedVote => ({ poll, voter: `voter ${n}`, option: 'a', sequence: BigInt(n + 1) }),
  );
  await store.record(votes, 0);
}

interface Kept {
  readonly env: NodeJS.ProcessEnv;
  ask(sql: string): Promise<unknown>;
}

function describeRecount(name: string, kept: () => Kept, ...flags: readonly string[]): void {
  describe(name, { timeout: 60_000 }, () => {
    const recount = (...args: string[]): Promise<Ended> =>
      run('tools/src/recount.ts', [...flags, ...args], kept().env);

    it('has a line for every poll', async () => {
      expect(await recount()).toEqual({ code: 0, output: agrees('lunch') + agrees('main') + agrees('tea') });
    });

    it('fails when one poll differs, and not for another', async () => {
      await kept().ask(spoil);
      expect(await recount()).toEqual({ code: 1, output: wrong + agrees('main') + agrees('tea') });
      expect(await recount('--poll', 'lunch')).toEqual({ code: 1, output: wrong });
      expect(await recount('--poll', 'main')).toEqual({ code: 0, output: agrees('main') });
    });

    it('repairs the one that it is told, or all', async () => {
      expect(await recount('--repair', '--poll', 'main')).toEqual({ code: 0, output: agrees('main') });
      expect((await recount()).code).toBe(1);
      const { code, output } = await recount('--repair');
      expect(output).toContain('Poll lunch: repaired, the tallies now agree with the votes.\n');
      expect(code).toBe(0);
      expect((await recount()).code).toBe(0);
    });

    it('knows no other poll', async () => {
      const unknown = { code: 1, output: 'There is no poll supper.\n' };
      expect(await recount('--poll', 'supper')).toEqual(unknown);
    });
  });
}

describe('recount', () => {
  let folder: string;
  let postgres: PostgresServer;
  let emptyUrl: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voting-'));
    const inFolder = await openSqliteStore(join(folder, 'data'));
    await fill(inFolder);
    await inFolder.close();
    postgres = await startPostgres();
    emptyUrl = await postgres.createDatabase();
    for (const url of [postgres.url, emptyUrl]) {
      const store = createPostgresStore(readPostgresSettings(1)({ DATABASE_URL: url }), () => {});
      await store.migrate();
      if (url === postgres.url) await fill(store);
      await store.close();
    }
  }, 60_000);
  afterAll(async () => {
    await postgres?.stop();
    await rm(folder, { recursive: true });
  });

  const inPostgres = (): Kept => ({
    env: { DATABASE_URL: postgres.url },
    ask: (sql) => query(postgres.url, sql),
  });

  describeRecount('in a data folder', () => ({
    env: { DATA_DIR: join(folder, 'data') },
    async ask(sql) {
      const database = new DatabaseSync(join(folder, 'data/votes.db'));
      database.exec(sql);
      database.close();
    },
  }));
  describeRecount('in PostgreSQL', inPostgres);
  const via = findPostgresClient();
  if (via !== undefined) describeRecount('with the psql that a command reaches', inPostgres, '--via', via);

  it('says that there is no poll yet', { timeout: 30_000 }, async () => {
    expect(await run('tools/src/recount.ts', [], { DATABASE_URL: emptyUrl })).toEqual({
      code: 0,
      output: 'There is no poll.\n',
    });
  });
});
