import { access, constants, mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { VotingError } from '@voting/core';

/** What a data folder holds, by name. The database's own log lies beside it while it is open. */
export const fileNames = {
  database: 'votes.db',
  /** The key that signs voter ids, when the product made it. */
  voterSecret: 'voter-secret',
  /** The key of the host, when the product made it. */
  hostKey: 'host-key',
  /** There while the database is open; found at a start, it tells of a stop that was not orderly. */
  open: 'not-closed',
  /** Where versions before SQLite kept their database. */
  former: 'postgres',
} as const;

/** In what state the folder was left. */
interface LeftBehind {
  /** Whether the database was closed by whoever used it last. */
  readonly orderly: boolean;
}

/**
 * Makes `folder` if need be and looks at what was left in it, without touching that.
 *
 * @throws {VotingError} `data_folder_outdated` or `data_folder_incomplete`, and what the system says when the folder
 *   cannot be used
 */
export async function enterDataFolder(folder: string): Promise<LeftBehind> {
  const detail = resolve(folder);
  await makeFolder(detail);
  await access(detail, constants.R_OK | constants.W_OK | constants.X_OK);
  const { database, former, open, voterSecret } = fileNames;
  const there = new Set(await readdir(detail));
  if (!there.has(database) && there.has(former)) throw new VotingError('data_folder_outdated', { detail });
  const log = await stat(join(detail, `${database}-wal`)).catch(() => undefined);
  // a first start that was killed may leave an empty file, and nothing else
  if (!(await hasVotes(detail)) && (there.has(voterSecret) || there.has(open))) {
    throw new VotingError('data_folder_incomplete', { detail });
  }
  return { orderly: !there.has(open) && (log?.size ?? 0) === 0 };
}

/** Whether there are votes to be looked at, without making a database where there are none. */
export async function hasVotes(folder: string): Promise<boolean> {
  const file = await stat(join(folder, fileNames.database)).catch(() => undefined);
  return file !== undefined && file.size > 0;
}

export async function markOpen(folder: string): Promise<void> {
  const note = 'Here while the database is open. Found at a start, it has the database checked.\n';
  await writeFile(join(folder, fileNames.open), note, { flush: true });
}

export async function markClosed(folder: string): Promise<void> {
  await rm(join(folder, fileNames.open), { force: true });
}

/**
 * Makes a folder and those above it, each on disk before the next. Node.js' own way to make several
 * never ends where a file system allows none, such as /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path || (await exists(dirname(path)))) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
  await syncFolder(dirname(path));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Has the names in a folder survive a power failure, where the system knows how. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
