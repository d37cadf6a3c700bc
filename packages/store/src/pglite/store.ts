import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { VoteStore } from '@voting/core';
import type { Driver } from '../driver.ts';
import { migrate } from '../migrate.ts';
import { readStatements, type Statements } from '../statements.ts';
import { createVoteStore } from '../vote-store.ts';
import { takeDataFolder } from './data-folder.ts';
import { createPgliteDriver } from './driver.ts';

export { takeDataFolder } from './data-folder.ts';

/**
 * Opens PostgreSQL inside this process, with its files in `folder`, and migrates it. What is committed
 * survives the end of the process however it ends. It does not promise to survive a power failure:
 * PGlite leaves writing to the disk to the operating system.
 *
 * @throws {VotingError} `data_folder_unusable`, `data_folder_in_use` or `schema_too_new`
 */
export async function openPgliteStore(folder: string): Promise<VoteStore> {
  const giveBack = await takeDataFolder(folder);
  try {
    const driver = createPgliteDriver(await openDatabase(join(folder, 'postgres')));
    await migrate(driver);
    return {
      ...createVoteStore(driver, await planOnce(driver)),
      async close() {
        await driver.close();
        await giveBack();
      },
    };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/**
 * The same statements, of which the one that every batch runs is planned once for the session and not
 * each time: PGlite has no prepared statements, but it keeps the plans of functions. A third of the
 * time that a small batch takes is saved.
 */
async function planOnce(driver: Driver): Promise<Statements> {
  const sql = readStatements();
  await driver.script(`
    CREATE FUNCTION pg_temp.record(text, text[], text[], bigint[], integer)
    RETURNS TABLE (added float8, changed float8, announced float8)
    LANGUAGE sql AS $record$ ${sql.record} $record$`);
  return { ...sql, record: 'SELECT * FROM pg_temp.record($1, $2, $3, $4, $5)' };
}

/** A first start that is killed half-way must not leave a database that never opens again. */
async function openDatabase(path: string): Promise<PGlite> {
  if (!existsSync(path)) {
    const unfinished = `${path}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await (await PGlite.create(unfinished)).close();
    await rename(unfinished, path);
  }
  return PGlite.create(path);
}
