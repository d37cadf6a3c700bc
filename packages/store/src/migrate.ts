import { VotingError } from '@voting/core';
import type { Driver } from './driver.ts';
import { readMigrations } from './statements.ts';

/** The advisory lock that whoever changes the schema holds. Any number will do as long as it is the same. */
export const migrationLock = 7_061_823;

/**
 * Brings the schema up to date in one transaction. Any number of services may do so at once: one
 * migrates, the others wait for it and find nothing left to do.
 *
 * @returns the versions that were applied
 * @throws {VotingError} `schema_too_new` when the store has a version that this code does not know
 */
export async function migrate(driver: Driver, migrations = readMigrations()): Promise<readonly number[]> {
  return driver.transaction(async (session) => {
    await session.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await session.script(
      'CREATE TABLE IF NOT EXISTS schema_versions (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const rows = await session.query<{ version: number }>('SELECT version FROM schema_versions');
    const applied = new Set(rows.map(({ version }) => version));
    const newest = Math.max(0, ...migrations.map(({ version }) => version));
    const stored = Math.max(0, ...applied);
    if (stored > newest) {
      throw new VotingError('schema_too_new', {
        detail: `the store has version ${stored}, this code ${newest}`,
      });
    }
    const missing = migrations.filter(({ version }) => !applied.has(version));
    for (const { version, sql } of missing) {
      await session.script(sql);
      await session.query('INSERT INTO schema_versions (version) VALUES ($1)', [version]);
    }
    return missing.map(({ version }) => version);
  });
}
