import { access, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * How another process gets a backup while this one has the database locked: through files in the data folder, so
 * that whoever may read the votes may ask for them and nobody else, on every platform and from another container.
 *
 *   backup-wanted ──taken──▶ backup-under-way ──done──▶ backup.db (or nothing, when it failed)
 */
const wanted = 'backup-wanted';
const underWay = 'backup-under-way';
const copy = 'backup.db';
const unfinished = `${copy}.unfinished`;

const lookEveryMs = 500;
/** How long the process that has the database may take to notice. */
const noticeMs = 15_000;

export interface BackupRequestDeps {
  /** Copies the database to a file that does not exist. */
  backUp(file: string): Promise<void>;
  /** Told when a backup could not be made. */
  onError(error: unknown): void;
}

/**
 * Makes a backup whenever one is asked for in `folder`, until the function that it returns is called, which
 * waits for a backup that is under way.
 */
export function answerBackupRequests(
  folder: string,
  { backUp, onError }: BackupRequestDeps,
): () => Promise<void> {
  const stopping = new AbortController();

  async function look(): Promise<void> {
    const isWanted = await rename(join(folder, wanted), join(folder, underWay)).then(
      () => true,
      () => false,
    );
    if (!isWanted) return;
    try {
      await forget(folder, copy, unfinished);
      await backUp(join(folder, unfinished));
      await rename(join(folder, unfinished), join(folder, copy));
    } catch (error) {
      await forget(folder, unfinished).catch(() => {});
      onError(error);
    } finally {
      await forget(folder, underWay).catch(onError);
    }
  }

  async function keepLooking(): Promise<void> {
    // what a process that ended in the middle has left
    await forget(folder, underWay, unfinished).catch(onError);
    while (!stopping.signal.aborted) {
      await look();
      await pause(lookEveryMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  }

  const looking = keepLooking();
  return async () => {
    stopping.abort();
    await looking;
  };
}

/**
 * Asks the process that has the database in `folder` for a backup, and waits for it.
 *
 * @returns where the backup is, to be moved away; undefined when the process did not notice, or could not make one
 */
export async function requestBackup(folder: string): Promise<string | undefined> {
  await forget(folder, copy);
  await writeFile(join(folder, wanted), '');
  const end = performance.now() + noticeMs;
  while (await isThere(folder, wanted)) {
    if (performance.now() > end) {
      await forget(folder, wanted);
      return undefined;
    }
    await pause(50);
  }
  while (await isThere(folder, underWay)) await pause(50);
  return (await isThere(folder, copy)) ? join(folder, copy) : undefined;
}

async function forget(folder: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name), { force: true });
}

function isThere(folder: string, name: string): Promise<boolean> {
  return access(join(folder, name)).then(
    () => true,
    () => false,
  );
}
