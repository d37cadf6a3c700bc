import type { DatabaseSync } from 'node:sqlite';
import { type Applied, missingMigrations, readMigrations } from '../migrations.ts';
import { inTransaction } from './transaction.ts';

/**
 * Brings the schema up to date in one transaction.
 *
 * @returns the versions that were applied
 * @throws {VotingError} `schema_too_new` when the database says that this code cannot work with it
 */
export function migrate(connection: DatabaseSync, migrations = readMigrations('sqlite')): readonly number[] {
  return inTransaction(connection, () => {
    connection.exec(
      "CREATE TABLE IF NOT EXISTS schema_versions (version integer PRIMARY KEY, oldest_code integer NOT NULL, applied_at text NOT NULL DEFAULT (datetime('now'))) STRICT",
    );
    const rows = connection.prepare('SELECT version, oldest_code AS oldestCode FROM schema_versions').all();
    const missing = missingMigrations(migrations, rows as unknown as readonly Applied[]);
    const note = connection.prepare('INSERT INTO schema_versions (version, oldest_code) VALUES (?, ?)');
    for (const { version, oldestCode, sql } of missing) {
      connection.exec(sql);
      note.run(version, oldestCode);
    }
    return missing.map(({ version }) => version);
  });
}
