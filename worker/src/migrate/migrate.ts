import { isPassing } from '@voting/core';
import {
  createPatience,
  type Environment,
  logSettings,
  type Opened,
  readSettings,
  shutdownSettings,
} from '@voting/runtime';
import {
  createPostgresStore,
  type PostgresConfig,
  prepareStore,
  readPostgresSettings,
  readRolePasswords,
} from '@voting/store/postgres';

export type MigrateSettings = ReturnType<typeof readMigrateSettings>;

export function readMigrateSettings(env: Environment) {
  return readSettings(env, {
    postgres: readPostgresSettings(1),
    passwords: readRolePasswords,
    log: logSettings('info'),
    shutdown: shutdownSettings(0),
  });
}

/**
 * Prepares PostgreSQL for the services, and is done: with passwords of the roles it makes these too, else it only
 * brings the schema up to date. Waits for PostgreSQL as a service does.
 */
export async function migrateStore(settings: MigrateSettings, opened: Opened): Promise<void> {
  const { postgres, passwords } = settings;
  const { log, readiness, stopping } = opened;
  const patiently = createPatience({ stopping, isPassing, log, readiness });
  if (passwords === undefined) {
    await patiently('store', () => migrateOnly(postgres));
    log.info('the schema is up to date');
    return;
  }
  const { versions, rolesLeft } = await patiently('store', () => prepareStore(postgres, passwords));
  for (const role of rolesLeft) log.info({ role }, 'somebody else has made this role, and sets its password');
  log.info({ versions }, 'the roles are there and the schema is up to date');
}

async function migrateOnly(config: PostgresConfig): Promise<void> {
  const store = createPostgresStore(config, () => {});
  await store.migrate().finally(() => store.close());
}
