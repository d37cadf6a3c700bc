import { announce, mainRoom } from '@voting/core';
import { createHosting, createHostServer } from '@voting/host';
import { createMemoryQueue, type MemoryQueue } from '@voting/queue/memory';
import { createResultMetrics, createResultServer, createResultsFeed } from '@voting/result';
import {
  createRegistry,
  createRequestMetric,
  createTroubles,
  listen,
  type Opened,
  openOpsServer,
} from '@voting/runtime';
import { answerBackupRequests, openSqliteStore, type SqliteStore } from '@voting/store/sqlite';
import { openTracing, type Tracing } from '@voting/tracing';
import { createVoteMetrics, createVoteServer } from '@voting/vote';
import { createWorker, createWorkerMetrics } from '@voting/worker';
import { hostKey, keptSecret, voterSecret } from './kept-secret.ts';
import { findNameInNetwork } from './name-in-network.ts';
import type { EmbeddedSettings } from './settings.ts';
import { welcome } from './welcome.ts';

/** Votes that may wait for the store at once; each keeps an HTTP request open. */
const queueCapacity = 100_000;
/** After this a voter is told that the vote could not be confirmed. */
const voteDeadlineMs = 1_500;

/**
 * Opens vote, worker, result and host in this process, over a queue in memory and a store on disk. Things
 * are opened from the store outwards and closed the other way: first no more votes come in, then
 * those under way are counted.
 */
export async function openEmbedded(settings: EmbeddedSettings, opened: Opened): Promise<void> {
  const { log, closing, readiness, stopping } = opened;
  const { ports } = settings;
  const { DATA_DIR: dataDir } = settings.data;
  const tracing = await openTracing(settings.tracing, 'voting-app', opened);
  const registry = createRegistry();

  const store = await openSqliteStore(dataDir);
  closing.add('store', () => store.close());
  const stopBackups = answerBackupRequests(dataDir, {
    backUp: (file) => store.backUp(file),
    onError: (error) => log.error({ err: error }, 'backup could not be made'),
  });
  closing.add('backups', stopBackups);
  await store.declare(settings.poll);
  const queue = createMemoryQueue({
    capacity: queueCapacity,
    deadlineMs: voteDeadlineMs,
    after: await store.newestSequence(),
  });
  await announce(await store.definitions(), queue.announcements);
  startWorker(opened, { queue, store, metrics: createWorkerMetrics(registry), tracing });
  closing.add('queue', () => queue.close());

  const nameInNetwork = findNameInNetwork();
  const resultMetrics = createResultMetrics(registry);
  const feed = createResultsFeed({
    store,
    metrics: resultMetrics,
    readiness,
    log,
    troubles: createTroubles(log),
  });
  closing.add('results feed', () => feed.stop());
  const result = createResultServer(
    {
      voteUrl: settings.result.VOTE_URL ?? `:${ports.VOTE_PORT}`,
      nameInNetwork,
      trustProxy: settings.vote.TRUST_PROXY ?? false,
    },
    { feed, metrics: resultMetrics, log, stopping },
  );
  closing.add('result server', () => result.close());
  const resultPort = await listen(result, ports.RESULT_PORT, 'RESULT_PORT');

  const vote = createVoteServer(
    {
      voterSecrets: settings.voterSecret.VOTER_SECRET ?? [await keptSecret(dataDir, voterSecret)],
      resultUrl: settings.vote.RESULT_URL ?? `:${resultPort}`,
      votesPerMinute: settings.vote.VOTES_PER_MINUTE,
      newVotersPerHour: settings.vote.NEW_VOTERS_PER_HOUR,
      trustProxy: settings.vote.TRUST_PROXY ?? false,
    },
    { queue, directory: queue.directory, metrics: createVoteMetrics(registry), tracing, log, stopping },
  );
  closing.add('vote server', () => vote.close());
  const votePort = await listen(vote, ports.VOTE_PORT, 'VOTE_PORT');

  const troubles = createTroubles(log);
  const host = createHostServer(
    {
      keys: settings.hostKeys ?? [{ name: 'host', key: await keptSecret(dataDir, hostKey) }],
      trustProxy: settings.vote.TRUST_PROXY ?? false,
    },
    {
      hosting: createHosting({ store, announcements: queue.announcements, troubles }),
      answered: createRequestMetric(registry, 'host'),
      log,
      troubles,
      stopping,
    },
  );
  closing.add('host server', () => host.close());
  const hostPort = await listen(host, ports.HOST_PORT, 'HOST_PORT');

  await openOpsServer(settings.ops.OPS_PORT, registry, opened);
  const { directory } = queue;
  const { question } = directory.poll(directory.room(mainRoom)?.on ?? '') ?? {};
  process.stdout.write(welcome({ question, votePort, resultPort, hostPort, nameInNetwork, dataDir }));
}

function startWorker(
  { closing, log, readiness }: Opened,
  deps: {
    queue: MemoryQueue;
    store: SqliteStore;
    metrics: ReturnType<typeof createWorkerMetrics>;
    tracing: Tracing | undefined;
  },
): void {
  const consumer = deps.queue.consumer();
  closing.add('consumer', () => consumer.close());
  // no pause between batches: while one is stored the next gathers by itself; and nobody else has news
  const worker = createWorker(
    { name: 'embedded', batchSize: 1_000, batchEveryMs: 0, newsMs: 0 },
    { ...deps, consumer, announcements: deps.queue.announcements, readiness, log },
  );
  closing.add('worker', () => worker.stop());
}
