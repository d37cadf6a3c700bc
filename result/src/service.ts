import { isPassing } from '@voting/core';
import {
  createPatience,
  createRegistry,
  createTroubles,
  type Environment,
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
import { createResultsFeed } from './feed.ts';
import { createResultMetrics } from './metrics.ts';
import { createResultServer } from './server.ts';
import { readResultSettings } from './settings.ts';

export type ResultServiceSettings = ReturnType<typeof readResultServiceSettings>;

const connections = 2;

/** What the result service needs when it runs by itself, behind a PostgreSQL. */
export function readResultServiceSettings(env: Environment) {
  return readSettings(env, {
    http: pageSettings(8081),
    ops: opsSettings,
    result: readResultSettings,
    postgres: readPostgresSettings(connections),
    log: logSettings('info'),
    shutdown: shutdownSettings(0),
  });
}

/**
 * Opens the result service. It shows the page from when PostgreSQL has first answered; from then on it
 * goes on with the last results, marked as what they are.
 */
export async function openResult(settings: ResultServiceSettings, opened: Opened): Promise<void> {
  const { log, closing, readiness, stopping } = opened;
  const registry = createRegistry();
  readiness.set('store', false);
  await openOpsServer(settings.ops.OPS_PORT, registry, opened);

  const troubles = createTroubles(log);
  const store = createPostgresStore(settings.postgres, (error) =>
    troubles('connection to PostgreSQL broke', error),
  );
  closing.add('store', () => store.close());
  const patiently = createPatience({ stopping, isPassing, log, readiness });
  // it only reads: whoever counts makes the tables
  await patiently('store', () => store.checkSchema());

  const metrics = createResultMetrics(registry);
  const feed = createResultsFeed({ store, metrics, readiness, log, troubles });
  closing.add('results feed', () => feed.stop());
  const server = createResultServer(
    { voteUrl: settings.result.VOTE_URL, trustProxy: settings.result.TRUST_PROXY ?? false },
    { feed, metrics, log, stopping },
  );
  closing.add('result server', () => server.close());
  const port = await listen(server, settings.http.PORT, 'PORT');
  log.info({ port }, 'showing results');
}
