import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  castAt,
  type Delivery,
  isPassing,
  type Poll,
  type VoteConsumer,
  type VoteStore,
  VotingError,
} from '@voting/core';
import { createPatience, type Log, type Readiness } from '@voting/runtime';
import type { Tracing } from '@voting/tracing';
import { traceBatch } from './batch-trace.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { WorkerMetrics } from './metrics.ts';
import { type Reason, whyUncountable } from './uncountable.ts';

export interface WorkerConfig {
  readonly poll: Poll;
  /** Tells this worker from all others that run at the same time. */
  readonly name: string;
  /** Votes a batch has at most. */
  readonly batchSize: number;
  /**
   * Milliseconds between the starts of two batches, unless a batch was full. Under light load it
   * makes fewer, larger transactions; it is part of the time from a vote to the screen.
   */
  readonly batchEveryMs: number;
}

export interface WorkerDeps {
  readonly consumer: VoteConsumer;
  readonly store: VoteStore;
  readonly metrics: WorkerMetrics;
  readonly tracing?: Tracing | undefined;
  readonly readiness: Readiness;
  readonly log: Log;
}

export interface Worker {
  /** Finishes the batch in hand if the store lets it, else leaves it to be delivered again. */
  stop(): Promise<void>;
}

/** How long to wait for votes before looking again whether to stop. */
const idleMs = 250;
const shards = 64;
/** Batches of a long queue that are counted at the same time; the order does not matter to the store. */
const lanes = 2;

/**
 * Takes votes from the queue and counts them: read a batch, record it in one transaction, and only
 * then acknowledge it. Whatever happens in between, the batch comes again and changes nothing twice.
 * While the queue or the store does not answer, it tries again for as long as it takes.
 */
export function createWorker(config: WorkerConfig, deps: WorkerDeps): Worker {
  const { consumer, store, metrics, log } = deps;
  const { poll } = config;
  const firstShard = createHash('sha256').update(config.name).digest().readUInt32BE() % shards;
  const stopping = new AbortController();
  const patiently = createPatience({ stopping: stopping.signal, isPassing, log, readiness: deps.readiness });

  async function countUntilStopped(): Promise<void> {
    const underWay = new Map<number, Promise<void>>();
    try {
      while (!stopping.signal.aborted) {
        const started = performance.now();
        const deliveries = await patiently('queue', () => consumer.read(config.batchSize, idleMs));
        if (deliveries.length > 0) {
          const lane = underWay.has(0) ? 1 : 0;
          const counting = countBatch(deliveries, (firstShard + lane) % shards).then(() => {
            underWay.delete(lane);
          });
          // how it ends is seen below, when it is waited for
          counting.catch(() => {});
          underWay.set(lane, counting);
        }
        // only a long queue is worth a second batch at the same time
        const full = deliveries.length === config.batchSize;
        while (underWay.size >= (full ? lanes : 1)) await Promise.race(underWay.values());
        if (!full && deliveries.length > 0) await pauseUntil(started + config.batchEveryMs);
      }
    } finally {
      await Promise.allSettled(underWay.values());
    }
  }

  async function countBatch(deliveries: readonly Delivery[], shard: number): Promise<void> {
    const countable: Delivery[] = [];
    for (const delivery of deliveries) {
      const reason = whyUncountable(delivery, poll);
      if (reason === undefined) countable.push(delivery);
      else await bury(delivery, reason);
    }
    const started = performance.now();
    const committed = traceBatch(deps.tracing, countable);
    const stored = await record(countable, shard);
    committed();
    const [oldest] = stored;
    if (oldest === undefined) return;
    metrics.recorded(stored.length, (performance.now() - started) / 1000, castAt(oldest.sequence));
    await patiently('queue', () => consumer.ack(stored));
    metrics.counted(stored.length);
  }

  /**
   * Stores what can be stored and buries what the store refuses for its content, found by halving,
   * so that one bad vote never holds up the others.
   *
   * @returns what was stored and is now to be acknowledged
   */
  async function record(votes: readonly Delivery[], shard: number): Promise<readonly Delivery[]> {
    try {
      metrics.stored(await patiently('store', () => store.record(poll.id, votes, shard)));
      return votes;
    } catch (error) {
      if (!(error instanceof VotingError && error.code === 'vote_unstorable')) throw error;
      if (votes.length === 1) {
        await bury(votes[0] as Delivery, 'refused by the store');
        return [];
      }
      const middle = Math.ceil(votes.length / 2);
      return [
        ...(await record(votes.slice(0, middle), shard)),
        ...(await record(votes.slice(middle), shard)),
      ];
    }
  }

  async function bury(delivery: Delivery, reason: Reason): Promise<void> {
    await patiently('queue', () => consumer.bury(delivery, reason));
    metrics.buried(reason);
    log.warn({ reason, receipt: delivery.receipt }, 'vote set aside, it cannot be counted');
  }

  async function pauseUntil(moment: number): Promise<void> {
    const left = moment - performance.now();
    if (left > 1) await pause(left, undefined, { signal: stopping.signal }).catch(() => {});
  }

  const counting = countUntilStopped().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  const heartbeat = startHeartbeat(config.name, deps);

  return {
    async stop() {
      stopping.abort();
      await counting;
      await heartbeat.stop();
    },
  };
}
