import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Announcements,
  type Delivery,
  isPassing,
  type PollStore,
  type VoteConsumer,
  type VoteStore,
} from '@voting/core';
import { createPatience, type Log, type Readiness } from '@voting/runtime';
import type { Tracing } from '@voting/tracing';
import { traceBatch } from './batch-trace.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createKnownPolls } from './known-polls.ts';
import type { WorkerMetrics } from './metrics.ts';
import { createRecording } from './recording.ts';
import { type Reason, whyMalformed } from './uncountable.ts';

export interface WorkerConfig {
  /** Tells this worker from all others that run at the same time. */
  readonly name: string;
  /** Votes a batch has at most. */
  readonly batchSize: number;
  /**
   * Milliseconds between the starts of two batches, unless more votes wait already. Under light load it
   * makes fewer, larger transactions; it is part of the time from a vote to the screen.
   */
  readonly batchEveryMs: number;
  /** Milliseconds that a vote for what nobody has declared waits for somebody to do so. */
  readonly newsMs: number;
}

export interface WorkerDeps {
  readonly consumer: VoteConsumer;
  readonly store: VoteStore & PollStore;
  readonly announcements: Announcements;
  readonly metrics: WorkerMetrics;
  readonly tracing?: Tracing | undefined;
  readonly readiness: Readiness;
  readonly log: Log;
}

export interface Worker {
  /** Finishes the batch in hand if the store lets it soon, else leaves it to be delivered again. */
  stop(): Promise<void>;
}

/** How long to wait for votes before looking again whether to stop. */
const idleMs = 250;
const shards = 64;
/** Batches of a long queue that are counted at the same time; the order does not matter to the store. */
const lanes = 2;
/** How long the batch in hand may take once the worker is to stop. It is well below what orchestrators wait. */
const graceMs = 5_000;

/**
 * Takes votes from the queue and counts them: read a batch, record it in one transaction, and only
 * then acknowledge it. Whatever happens in between, the batch comes again and changes nothing twice.
 * While the queue or the store does not answer, it tries again for as long as it takes.
 */
export function createWorker(config: WorkerConfig, deps: WorkerDeps): Worker {
  const { consumer, store, metrics, log } = deps;
  const firstShard = createHash('sha256').update(config.name).digest().readUInt32BE() % shards;
  const stopping = new AbortController();
  const patiently = createPatience({ stopping: stopping.signal, isPassing, log, readiness: deps.readiness });
  const polls = createKnownPolls(store);
  const record = createRecording(config, { store, metrics, patiently });

  async function countUntilStopped(): Promise<void> {
    const underWay = new Map<number, Promise<void>>();
    try {
      while (!stopping.signal.aborted) {
        const started = performance.now();
        const deliveries = await patiently('queue', () => consumer.read(config.batchSize, idleMs));
        // only a long queue is worth a second batch at the same time
        const more = consumer.hasMore();
        if (deliveries.length > 0) {
          const lane = underWay.has(0) ? 1 : 0;
          const counting = countBatch(deliveries, (firstShard + lane) % shards).then(() => {
            underWay.delete(lane);
          });
          // how it ends is seen below, when it is waited for
          counting.catch(() => {});
          underWay.set(lane, counting);
        }
        while (underWay.size >= (more ? lanes : 1)) await Promise.race(underWay.values());
        if (!more && deliveries.length > 0) await pauseUntil(started + config.batchEveryMs);
      }
    } finally {
      await Promise.allSettled(underWay.values());
    }
  }

  async function countBatch(deliveries: readonly Delivery[], shard: number): Promise<void> {
    const readAt = performance.now();
    const countable = await sortOut(deliveries);
    const committed = traceBatch(deps.tracing, countable);
    let started = performance.now();
    await record(countable, shard, {
      async stored(votes) {
        const now = performance.now();
        metrics.recorded(
          votes.length,
          (now - started) / 1_000,
          (longestWaitMs(votes) + now - readAt) / 1_000,
        );
        await patiently('queue', () => consumer.ack(votes));
        metrics.counted(votes.length);
        started = performance.now();
      },
      refused: (vote) => bury(vote, 'refused by the store'),
    });
    committed();
  }

  /**
   * Those that can be counted. What nobody has declared is left as it is, to be delivered again, because the news
   * of a poll or an option may come by another worker; when it has waited long enough, it is set aside.
   */
  async function sortOut(deliveries: readonly Delivery[]): Promise<readonly Delivery[]> {
    const sound: Delivery[] = [];
    for (const delivery of deliveries) {
      const reason = whyMalformed(delivery);
      if (reason === undefined) sound.push(delivery);
      else await bury(delivery, reason);
    }
    const unknown = sound.filter((delivery) => !polls.knows(delivery));
    if (unknown.length === 0) return sound;
    await patiently('store', () => polls.learnFrom(unknown));
    const waiting = new Set<string>();
    for (const delivery of unknown.filter((delivery) => !polls.knows(delivery))) {
      if (delivery.waitedMs < config.newsMs) waiting.add(`${delivery.poll} ${delivery.option}`);
      else await bury(delivery, polls.knowsPoll(delivery.poll) ? 'unknown option' : 'unknown poll');
    }
    if (waiting.size > 0)
      log.warn({ waiting: [...waiting].slice(0, 10) }, 'votes wait for their poll or option to be declared');
    return sound.filter((delivery) => polls.knows(delivery));
  }

  async function bury(delivery: Delivery, reason: Reason): Promise<void> {
    await patiently('queue', () => consumer.bury(delivery, reason));
    metrics.buried(reason);
    const { poll, sequence } = delivery;
    log.warn({ reason, poll, sequence: String(sequence) }, 'vote set aside, it cannot be counted');
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
      const ended = Promise.all([counting, heartbeat.stop()]);
      await Promise.race([ended, pause(graceMs, undefined, { ref: false })]);
    },
  };
}

function longestWaitMs(deliveries: readonly Delivery[]): number {
  return deliveries.reduce((longest, { waitedMs }) => Math.max(longest, waitedMs), 0);
}
