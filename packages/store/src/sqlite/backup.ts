import { backup, type DatabaseSync } from 'node:sqlite';

/** Pages that are copied before whoever waits has a turn. */
const pagesAtOnce = 256;

export interface Backup {
  /**
   * Until this is settled nothing may be recorded: a copy that finds a batch under way fails at its first step,
   * and waits by itself at every later one.
   */
  readonly begun: Promise<void>;
  readonly done: Promise<void>;
}

/** Copies the database to a new file, as it is at one moment, while everything goes on once it has begun. */
export function beginBackup(connection: DatabaseSync, file: string): Backup {
  const begun = Promise.withResolvers<void>();
  const copied = backup(connection, file, { rate: pagesAtOnce, progress: () => begun.resolve() });
  return { begun: begun.promise, done: copied.then(() => {}).finally(begun.resolve) };
}
