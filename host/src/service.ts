import { isPassing } from '@voting/core';
import { createRedisAnnouncements, readRedisSettings } from '@voting/queue/redis';
import {
  createPatience,
  createRegistry,
  createRequestMetric,
  createTroubles,
  type Environment,
  InvalidSettings,
  listen,
  logSettings,
  type Opened,
  openOpsServer,
  opsSettings,
  pageSettings,
  readSettings,
  shutdownSettings,
} from '@voting/runtime';
import { createPostgresStore, readPostgresSettings } from '@voting/store/postgres';
import { createHosting } from './hosting.ts';
import { readHostKeys } from './keys.ts';
import { createHostServer } from './server.ts';
import { readHostSettings } from './settings.ts';

export type HostServiceSettings = ReturnType<typeof readHostServiceSettings>;

/** Hosts are few, and none of them is to wait for another's statement. */
const connections = 3;

/** What the host service needs when it runs by itself, between Redis and PostgreSQL. */
export function readHostServiceSettings(env: Environment) {
  return readSettings(env, {
    keys: requiredHostKeys,
    http: pageSettings(8082),
    ops: opsSettings,
    host: readHostSettings,
    redis: readRedisSettings,
    postgres: readPostgresSettings(connections),
    log: logSettings('info'),
    shutdown: shutdownSettings(0),
  });
}

/** A key that it made up itself would be another in each of several, and nobody would know it. */
function requiredHostKeys(env: Environment) {
  const keys = readHostKeys(env);
  if (keys === undefined) {
    throw new InvalidSettings(['HOST_KEYS: missing; name:key of everybody who is a host']);
  }
  return keys;
}

/**
 * Opens the host service. It serves from when PostgreSQL has first answered; from then on it goes on, and says what does
 * not work while PostgreSQL or Redis does not answer.
 */
export async function openHost(settings: HostServiceSettings, opened: Opened): Promise<void> {
  const { log, closing, readiness, stopping } = opened;
  const registry = createRegistry();
  readiness.set('store', false);
  await openOpsServer(settings.ops.OPS_PORT, registry, opened);

  const troubles = createTroubles(log);
  const store = createPostgresStore(settings.postgres, (error) =>
    troubles('connection to PostgreSQL broke', error),
  );
  closing.add('store', () => store.close());
  const announcements = createRedisAnnouncements(settings.redis, (error) =>
    troubles('trouble with Redis', error),
  );
  closing.add('announcements', async () => announcements.close());
  const patiently = createPatience({ stopping, isPassing, log, readiness });
  // it makes no tables: who migrates does
  await patiently('store', () => store.checkSchema());

  const server = createHostServer(
    { keys: settings.keys, trustProxy: settings.host.TRUST_PROXY ?? false },
    {
      hosting: createHosting({ store, announcements, troubles }),
      answered: createRequestMetric(registry, 'host'),
      log,
      troubles,
      stopping,
    },
  );
  closing.add('host server', () => server.close());
  const port = await listen(server, settings.http.PORT, 'PORT');
  log.info({ port, hosts: settings.keys.map(({ name }) => name) }, 'hosting');
}
