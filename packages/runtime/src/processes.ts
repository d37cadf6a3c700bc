import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { AggregatorRegistry, type Registry } from 'prom-client';
import { openOpsServer } from './ops-server.ts';
import { CannotStart, type Opened } from './service.ts';

/** What one of several processes tells the first about itself. */
interface Report {
  readonly ready: boolean;
}

const lookEveryMs = 200;
/** So that one that cannot run does not keep a processor busy with starting. */
const againAfterMs = 1_000;

/** Whether this is one of several processes that another has started to share its port. */
export function isOneOfSeveral(): boolean {
  return cluster.isWorker;
}

/** In place of an ops server: tells the process that started this one whether it is ready, and its metrics when asked. */
export function reportToFirst(
  registry: Registry,
  { closing, readiness }: Pick<Opened, 'closing' | 'readiness'>,
): void {
  AggregatorRegistry.setRegistries(registry);
  // listens for the question
  new AggregatorRegistry();
  let told: boolean | undefined;
  const tell = () => {
    const ready = readiness.ready();
    if (ready === told || !process.connected) return;
    told = ready;
    process.send?.({ ready } satisfies Report);
  };
  tell();
  const looking = setInterval(tell, lookEveryMs);
  closing.add('reports', () => clearInterval(looking));
}

/**
 * Runs this program `count` times, each in a process of its own that shares the listening port, and serves for all
 * of them what an ops server serves: ready while one of them is, metrics added up. One that ends is replaced.
 * Resolves when all of them listen.
 *
 * @throws {CannotStart} when one ends before that; it has said why
 */
export async function openProcesses(count: number, opsPort: number, opened: Opened): Promise<void> {
  const { log, closing, readiness, stopping } = opened;
  const ready = new Map<Worker, boolean>();
  const listening = new Set<Worker>();
  const firstTime = Promise.withResolvers<void>();
  const part = 'processes';

  function look(): void {
    readiness.set(part, [...ready.values()].includes(true));
  }

  function start(): void {
    const one = cluster.fork();
    ready.set(one, false);
    log.info({ pid: one.process.pid }, 'process started');
    one.on('message', (message: Partial<Report>) => {
      if (message.ready === undefined) return;
      ready.set(one, message.ready);
      look();
    });
    one.once('listening', () => {
      listening.add(one);
      if (listening.size === count) firstTime.resolve();
    });
    one.once('exit', (code: number | null, signal: string | null) => {
      ready.delete(one);
      look();
      if (stopping.aborted) return;
      firstTime.reject(new CannotStart(`One of ${count} processes could not start.`));
      log.error(
        { pid: one.process.pid, code, signal },
        'one of the processes has ended, another takes its place',
      );
      setTimeout(() => stopping.aborted || start(), againAfterMs).unref();
    });
  }

  readiness.set(part, false);
  const metrics = new AggregatorRegistry();
  await openOpsServer(
    opsPort,
    { contentType: metrics.contentType, metrics: () => metrics.clusterMetrics() },
    opened,
  );
  closing.add(part, () => Promise.all(Array.from(ready.keys(), (one) => once(one, 'exit'))));
  stopping.addEventListener('abort', () => {
    for (const one of ready.keys()) one.process.kill('SIGTERM');
    firstTime.resolve();
  });
  for (let n = 0; n < count; n++) start();
  await firstTime.promise;
  log.info({ processes: count }, 'all processes have started');
}
