import { readdirSync, readFileSync } from 'node:fs';
import { VotingError } from '@voting/core';

export interface Migration {
  readonly version: number;
  /** The oldest version of the code, counted in migrations that it knows, that works with a store after this one. */
  readonly oldestCode: number;
  readonly sql: string;
}

/** What a store says of a migration that it has had. */
export type Applied = Pick<Migration, 'version' | 'oldestCode'>;

/**
 * The files of a dialect's folder in `migrations/`, in the order of their numbers. Each says in a comment
 * which code it leaves working: `-- oldest code: 1`.
 */
export function readMigrations(dialect: 'postgres' | 'sqlite'): readonly Migration[] {
  const folder = new URL(`../migrations/${dialect}/`, import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const sql = readFileSync(new URL(file, folder), 'utf8');
      const [, oldestCode] = /^-- oldest code: (\d+)$/m.exec(sql) ?? [];
      if (oldestCode === undefined) throw new Error(`${file} does not say which code it leaves working`);
      return { version: Number.parseInt(file, 10), oldestCode: Number(oldestCode), sql };
    });
}

/**
 * Those that a store lacks. A store that is newer than this code has none for it, and may serve it all the
 * same: while a rollout goes on, or after it was taken back, older code meets a newer schema.
 *
 * @throws {VotingError} `schema_too_new` when the store says that this code cannot work with it
 */
export function missingMigrations(
  migrations: readonly Migration[],
  applied: readonly Applied[],
): readonly Migration[] {
  const known = Math.max(0, ...migrations.map(({ version }) => version));
  const needed = Math.max(0, ...applied.map(({ oldestCode }) => oldestCode));
  if (needed > known) {
    throw new VotingError('schema_too_new', {
      detail: `the store needs code that knows version ${needed}, this one knows ${known}`,
    });
  }
  return migrations.filter(({ version }) => !applied.some((one) => one.version === version));
}
