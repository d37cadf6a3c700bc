import type { Backlog, Recorded } from '@voting/core';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type Reason, reasons } from './uncountable.ts';

export interface WorkerMetrics {
  /**
   * What the store made of votes, which is nothing when it had them already.
   *
   * @param areNew whether none of them was delivered before
   */
  stored(outcome: Recorded, areNew: boolean): void;
  /** A batch is in the store, `age` seconds after its oldest vote was cast. */
  recorded(votes: number, seconds: number, age: number): void;
  counted(votes: number): void;
  buried(reason: Reason): void;
  waiting(backlog: Backlog): void;
  /** Whether Redis is set to keep what it acknowledges. */
  durability(isDurable: boolean): void;
  /** The store has the worker's report. */
  beaten(): void;
}

export function createWorkerMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry];
  const counted = new Counter({
    name: 'worker_votes_counted_total',
    help: 'Votes taken from the queue, recorded and acknowledged, repeated deliveries included',
    registers,
  });
  const added = new Counter({
    name: 'worker_voters_added_total',
    help: 'Voters who were counted for the first time',
    registers,
  });
  const changed = new Counter({
    name: 'worker_choices_changed_total',
    help: 'Voters whose counted choice became another',
    registers,
  });
  const stale = new Counter({
    name: 'worker_votes_stale_total',
    help: 'Votes that changed nothing when they were first delivered, because a newer one of their voter was stored',
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
  const age = new Histogram({
    name: 'worker_batch_age_seconds',
    help: 'Time from when the oldest vote of a batch was cast until the batch was recorded',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const dead = new Counter({
    name: 'worker_dead_letters_total',
    help: 'Entries set aside because they can never be counted, by reason',
    labelNames: ['reason'] as const,
    registers,
  });
  // from zero, or the first of its kind would be no increase
  for (const reason of reasons) dead.inc({ reason }, 0);
  const deadKept = new Gauge({
    name: 'worker_dead_letters_kept',
    help: 'Entries that were set aside and are still kept; of more than 100,000 for a stream the oldest are given up',
    registers,
  });
  const durable = new Gauge({
    name: 'worker_queue_durable',
    help: 'Whether Redis is set to keep what it acknowledges: 1, or 0 where it is not or does not show it; -1 before the first look',
    registers,
  });
  durable.set(-1);
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
  const heartbeat = new Gauge({
    name: 'worker_last_heartbeat_timestamp_seconds',
    help: 'When the worker last reported to the store, in Unix time; 0 before it ever did',
    registers,
  });
  return {
    stored(outcome, areNew) {
      added.inc(outcome.added);
      changed.inc(outcome.changed);
      if (areNew) stale.inc(outcome.stale);
    },
    recorded(votes, seconds, oldest) {
      size.observe(votes);
      duration.observe(seconds);
      age.observe(oldest);
    },
    counted: (votes) => counted.inc(votes),
    buried: (reason) => dead.inc({ reason }),
    waiting(backlog) {
      pending.set(backlog.pending);
      lag.set((backlog.oldestAgeMs ?? 0) / 1_000);
      deadKept.set(backlog.deadLetters);
    },
    durability: (isDurable) => durable.set(isDurable ? 1 : 0),
    beaten: () => heartbeat.setToCurrentTime(),
  };
}
