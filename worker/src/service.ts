import { hostname } from 'node:os';
import { isPassing } from '@voting/core';
import { readDeclaredPoll } from '@voting/declared-poll';
import {
  createRedisAnnouncements,
  createRedisConsumer,
  readDurabilitySettings,
  readRedisSettings,
  redisDefaults,
} from '@voting/queue/redis';
import {
  createPatience,
  createRegistry,
  createTroubles,
  type Environment,
  logSettings,
  type Opened,
  openOpsServer,
  opsSettings,
  readSettings,
  shutdownSettings,
  text,
  variables,
  wholeNumber,
} from '@voting/runtime';
import { createPostgresStore, readPostgresSettings } from '@voting/store/postgres';
import { openTracing, readTracingSettings } from '@voting/tracing';
import { createWorker } from './counting.ts';
import { watchQueue } from './durability.ts';
import { createWorkerMetrics } from './metrics.ts';

export type WorkerServiceSettings = ReturnType<typeof readWorkerServiceSettings>;

/** One for the batch, one for the heartbeat, one to spare. */
const connections = 3;
/** As long as the first pod of a rollout takes to declare what the others do not know yet. */
const newsMs = 60_000;

/** What the worker needs when it runs by itself, between Redis and PostgreSQL. */
export function readWorkerServiceSettings(env: Environment) {
  return readSettings(env, {
    poll: readDeclaredPoll,
    ops: opsSettings,
    worker: variables({
      // in a container the process id is always the same, so a restarted worker gets its own votes back at once
      WORKER_NAME: text()
        .regex(/^[\w.-]{1,100}$/, 'must be 1 to 100 letters, digits, dots, dashes and underscores')
        .default(`${hostname()}-${process.pid}`),
      BATCH_SIZE: wholeNumber(1, 50_000).prefault('5000'),
      BATCH_EVERY_MS: wholeNumber(0, 10_000).prefault('20'),
      CLAIM_IDLE_MS: wholeNumber(100, 3_600_000).prefault(String(redisDefaults.claimIdleMs)),
    }),
    redis: readRedisSettings,
    durability: readDurabilitySettings,
    tracing: readTracingSettings,
    postgres: readPostgresSettings(connections),
    log: logSettings('info'),
    shutdown: shutdownSettings(0),
  });
}

/** Opens the worker, which counts as soon as Redis and PostgreSQL are there, and again whenever they are. */
export async function openWorker(settings: WorkerServiceSettings, opened: Opened): Promise<void> {
  const { log, closing, readiness, stopping } = opened;
  const { WORKER_NAME, BATCH_SIZE, BATCH_EVERY_MS, CLAIM_IDLE_MS } = settings.worker;
  const tracing = await openTracing(settings.tracing, 'worker', opened);
  const registry = createRegistry();
  readiness.set('store', false);
  readiness.set('queue', false);
  await openOpsServer(settings.ops.OPS_PORT, registry, opened);

  const troubles = createTroubles(log);
  const metrics = createWorkerMetrics(registry);
  await watchQueue(settings, metrics, opened);

  const store = createPostgresStore(settings.postgres, (error) =>
    troubles('connection to PostgreSQL broke', error),
  );
  closing.add('store', () => store.close());
  const patiently = createPatience({ stopping, isPassing, log, readiness });
  await patiently('store', () => store.migrate());
  const declared = await patiently('store', () => store.declare(settings.poll));
  if (declared === undefined) log.warn({ poll: settings.poll.id }, 'the declared poll was removed by a host');

  const onError = (error: Error) => troubles('trouble with Redis', error);
  const announcements = createRedisAnnouncements(settings.redis, onError);
  closing.add('announcements', () => announcements.close());
  const consumer = createRedisConsumer(
    { ...settings.redis, group: redisDefaults.group, consumer: WORKER_NAME, claimIdleMs: CLAIM_IDLE_MS },
    {
      newestSequence: () => store.newestSequence(),
      definitions: () => store.definitions(),
      onError,
      onBehind: (stream, id) =>
        log.warn({ stream, id }, 'the stream was behind what is stored; it goes on above it now'),
    },
  );
  closing.add('consumer', () => consumer.close());
  const worker = createWorker(
    { name: WORKER_NAME, batchSize: BATCH_SIZE, batchEveryMs: BATCH_EVERY_MS, newsMs },
    { consumer, store, announcements, metrics, tracing, readiness, log },
  );
  closing.add('worker', () => worker.stop());
  log.info({ worker: WORKER_NAME }, 'counting');
}
