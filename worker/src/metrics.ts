import type { Backlog } from '@voting/core';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface WorkerMetrics {
  recorded(votes: number, seconds: number): void;
  counted(votes: number): void;
  buried(reason: string): void;
  waiting(backlog: Backlog): void;
}

export function createWorkerMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry];
  const counted = new Counter({
    name: 'worker_votes_counted_total',
    help: 'Votes taken from the queue, recorded and acknowledged, repeated deliveries included',
    registers,
  });
  const size = new Histogram({
    name: 'worker_batch_votes',
    help: 'Votes in a recorded batch',
    buckets: [1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000],
    registers,
  });
  const duration = new Histogram({
    name: 'worker_batch_duration_seconds',
    help: 'Time to record a batch, waiting for the store included',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  const dead = new Counter({
    name: 'worker_dead_letters_total',
    help: 'Entries set aside because they can never be counted, by reason',
    labelNames: ['reason'] as const,
    registers,
  });
  const pending = new Gauge({
    name: 'worker_queue_pending_votes',
    help: 'Votes in the queue that are not counted yet',
    registers,
  });
  const lag = new Gauge({
    name: 'worker_queue_lag_seconds',
    help: 'Time since the oldest vote that is not counted yet was cast',
    registers,
  });
  return {
    recorded(votes, seconds) {
      size.observe(votes);
      duration.observe(seconds);
    },
    counted: (votes) => counted.inc(votes),
    buried: (reason) => dead.inc({ reason }),
    waiting(backlog) {
      pending.set(backlog.pending);
      lag.set(backlog.oldestAt === undefined ? 0 : Math.max(0, Date.now() - backlog.oldestAt) / 1000);
    },
  };
}
