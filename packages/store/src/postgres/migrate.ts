import { VotingError } from '@voting/core';
import { type Applied, type Migration, missingMigrations, readMigrations } from '../migrations.ts';
import { readStatement } from '../statements.ts';
import type { Driver, Session } from './session.ts';

/** The advisory lock that whoever changes the schema holds. Any number will do as long as it is the same. */
export const migrationLock = 7_061_823;

/**
 * Brings the schema up to date in one transaction. Any number of services may do so at once: one
 * migrates, the others wait for it and find nothing left to do. Whoever may not make tables waits for
 * somebody else to do it.
 *
 * @param driver without a limit on how long a statement may take: a large table takes its time
 * @returns the versions that were applied
 * @throws {VotingError} `schema_too_new` when the store cannot work with this code; `store_foreign` when
 *   there are tables of our names in it which are not ours; `store_unavailable` as `checkSchema` does
 */
export async function migrate(
  driver: Driver,
  migrations: readonly Migration[] = readMigrations('postgres'),
): Promise<readonly number[]> {
  // who finds nothing to do locks nothing and needs no right to change tables
  if (missingMigrations(migrations, await readApplied(driver)).length === 0) return [];
  const [right] = await driver.query<{ given: boolean }>(
    "SELECT has_schema_privilege(current_schema(), 'CREATE') AS given",
  );
  if (right?.given === false) {
    await checkSchema(driver, migrations);
    return [];
  }
  return driver.transaction(async (session) => {
    await holdOthersUp(session);
    return applyMissing(session, migrations);
  });
}

/** Nobody else migrates until the end of the transaction. */
export async function holdOthersUp(session: Session): Promise<void> {
  await session.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
}

/**
 * Applies what is missing, in a transaction that holds the others up.
 *
 * @returns the versions that were applied
 */
export async function applyMissing(
  session: Session,
  migrations: readonly Migration[],
): Promise<readonly number[]> {
  if (missingMigrations(migrations, await readApplied(session)).length === 0) return [];
  await session.script(readStatement('postgres/schema-versions'));
  const missing = missingMigrations(migrations, await readApplied(session));
  for (const { version, oldestCode, sql } of missing) {
    await session.script(sql).catch(refuseForeign);
    await session.query('INSERT INTO schema_versions (version, oldest_code) VALUES ($1, $2)', [
      version,
      oldestCode,
    ]);
  }
  return missing.map(({ version }) => version);
}

/** Whether the store has had a migration that this code does not know. */
export async function isNewer(session: Session, migrations: readonly Migration[]): Promise<boolean> {
  const applied = await readApplied(session);
  return applied.some(({ version }) => !migrations.some((known) => known.version === version));
}

/**
 * Looks whether the schema is up to date, without changing it.
 *
 * @throws {VotingError} `store_unavailable` as long as nobody has migrated it, `schema_too_new`, `store_foreign`
 */
export async function checkSchema(session: Session, migrations = readMigrations('postgres')): Promise<void> {
  const missing = missingMigrations(migrations, await readApplied(session));
  if (missing.length === 0) return;
  const [tables] = await session.query<{ ours: boolean; votes: boolean }>(
    "SELECT to_regclass('schema_versions') IS NOT NULL AS ours, to_regclass('votes') IS NOT NULL AS votes",
  );
  if (tables?.votes && !tables.ours) throw new VotingError('store_foreign', { detail: 'the table votes' });
  throw new VotingError('store_unavailable', {
    detail: 'its tables have yet to be brought up to date, by npm run migrate or by a worker that owns them',
  });
}

async function readApplied(session: Session): Promise<readonly Applied[]> {
  const [table] = await session.query<{ columns: number }>(
    "SELECT count(*)::integer AS columns FROM pg_attribute WHERE attrelid = to_regclass('schema_versions') AND attname IN ('version', 'oldest_code')",
  );
  if (!table?.columns) return [];
  const oldestCode = table.columns === 2 ? 'coalesce(oldest_code, version)' : 'version';
  return session.query<Applied>(`SELECT version, ${oldestCode} AS "oldestCode" FROM schema_versions`);
}

function refuseForeign(error: Error & { code?: string }): never {
  const duplicateTable = '42P07';
  if (error.code !== duplicateTable) throw error;
  throw new VotingError('store_foreign', { detail: error.message, cause: error });
}
