import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { VotingError } from '@voting/core';
import { enterDataFolder, fileNames, hasVotes, markClosed, markOpen } from './data-folder.ts';
import { isBusy, openingFailure } from './failures.ts';
import { migrate } from './migrate.ts';

export interface OpenDatabase {
  readonly connection: DatabaseSync;
  close(): Promise<void>;
}

/** How long to try for the lock: whoever had it may just be ending. */
const lockPatienceMs = 1_000;
/** How long the one that has got furthest waits for others that are trying as well. */
const busyMs = 100;

/**
 * Opens the database in `folder` for this process alone, made and migrated if need be.
 *
 * A commit is on disk when it returns (`synchronous=FULL`). After a stop that was not orderly the whole
 * file is checked; what is damaged is left as it is.
 *
 * @throws {VotingError} with one of the codes `data_folder_…`, or `schema_too_new`
 */
export async function openDatabase(folder: string): Promise<OpenDatabase> {
  const path = resolve(folder);
  let connection: DatabaseSync | undefined;
  try {
    const { orderly } = await enterDataFolder(path);
    connection = await takeLock(join(path, fileNames.database));
    connection.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = 4000;
    `);
    if (!orderly) check(connection, path);
    migrate(connection);
    await markOpen(path);
  } catch (error) {
    connection?.close();
    throw openingFailure(path, error);
  }
  const opened = connection;
  return {
    connection,
    async close() {
      opened.close();
      await markClosed(path);
    },
  };
}

/**
 * Opens the file and takes SQLite's exclusive lock on it, which is held until it is closed, or the process
 * ends in whatever way. Several that try at once get in each other's way; so they step back and come again.
 */
async function takeLock(file: string): Promise<DatabaseSync> {
  const end = performance.now() + lockPatienceMs;
  for (;;) {
    const connection = new DatabaseSync(file, { timeout: busyMs });
    try {
      // exclusive before anything is read: the log then needs no memory shared with other processes
      connection.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
      return connection;
    } catch (error) {
      connection.close();
      if (!isBusy(error) || performance.now() > end) throw error;
    }
    await pause(20 + Math.random() * 80);
  }
}

/**
 * Makes sure that no process has the database in `folder`. One that is damaged nobody can have.
 *
 * @throws {VotingError} `data_folder_in_use`
 */
export async function expectUnused(folder: string): Promise<void> {
  if (!(await hasVotes(folder))) return;
  try {
    (await takeLock(join(folder, fileNames.database))).close();
  } catch (cause) {
    if (isBusy(cause)) throw new VotingError('data_folder_in_use', { detail: resolve(folder), cause });
  }
}

function check(connection: DatabaseSync, folder: string): void {
  const row = connection.prepare('PRAGMA quick_check(1)').get();
  if (row?.quick_check === 'ok') return;
  throw new VotingError('data_folder_damaged', {
    detail: folder,
    cause: new Error(String(row?.quick_check)),
  });
}
