import { isDeepStrictEqual } from 'node:util';
import { type Poll, sameTally, type VoteStore } from '@voting/core';
import type { Log, Readiness, Troubles } from '@voting/runtime';
import { createHistory, type History, stepSeconds } from './history.ts';
import type { ResultMetrics } from './metrics.ts';
import { type Reading, type Results, resultsOf } from './results.ts';

export interface FeedDeps {
  readonly store: VoteStore;
  readonly metrics: ResultMetrics;
  readonly readiness: Readiness;
  readonly log: Log;
  readonly troubles: Troubles;
}

/** The results as they change. */
export interface ResultsFeed {
  current(): Results;
  /** `tallyChanged` is false when only the state of the pipeline did. */
  onChange(listener: (results: Results, tallyChanged: boolean) => void): void;
  history(): History;
  /** Calls `listener` whenever a step of the history is complete. */
  onStep(listener: (history: History) => void): void;
  stop(): Promise<void>;
}

/** At most ten broadcasts a second, whatever is voted. */
const readEveryMs = 100;
/** A change that was announced to nobody is on the screen after this long. */
const rereadAfterMs = 1_000;

/**
 * Follows the store: first listens for changes, then reads, so that no change falls in between. Many
 * changes make one reading. While the store does not answer, the last results stand and grow old.
 */
export function createResultsFeed(
  poll: Poll,
  { store, metrics, readiness, log, troubles }: FeedDeps,
): ResultsFeed {
  const listeners: ((results: Results, tallyChanged: boolean) => void)[] = [];
  const stepListeners: ((history: History) => void)[] = [];
  const history = createHistory();
  let reading: Reading | undefined;
  let published = resultsOf(poll, undefined, performance.now());
  let stopListening: (() => Promise<void>) | undefined;
  let answering = false;
  let stopped = false;
  let changed = Promise.withResolvers<void>();

  async function follow(): Promise<void> {
    while (!stopped) {
      const pause = delay(readEveryMs);
      try {
        stopListening ??= await store.onChange(poll.id, () => changed.resolve());
        changed = Promise.withResolvers<void>();
        await read();
        answersAgain();
      } catch (error) {
        doesNotAnswer(error);
      }
      await pause;
      await Promise.race([changed.promise, delay(rereadAfterMs)]);
    }
  }

  async function read(): Promise<void> {
    const started = performance.now();
    const snapshot = await store.snapshot(poll.id);
    metrics.queried((performance.now() - started) / 1000);
    const readAt = performance.now();
    const same = reading !== undefined && sameTally(reading.snapshot.tally, snapshot.tally);
    reading = { snapshot, readAt, changedAt: same && reading ? reading.changedAt : new Date() };
    publish();
    history.observe(published.total, readAt);
  }

  /** Tells the listeners when there is something new; called also as time alone changes the state. */
  function publish(): void {
    const results = resultsOf(poll, reading, performance.now());
    if (isDeepStrictEqual(results, published)) return;
    const tallyChanged = !isDeepStrictEqual(results.options, published.options);
    published = results;
    for (const listener of listeners) listener(results, tallyChanged);
  }

  /** Ready from the first reading on, and then also while the store is away: the last results are worth showing. */
  function answersAgain(): void {
    if (!answering) log.info('following the store');
    answering = true;
    readiness.set('store', true);
  }

  function doesNotAnswer(error: unknown): void {
    troubles('the store does not answer, showing what was last read', error);
    answering = false;
  }

  readiness.set('store', false);
  const following = follow();
  const clock = setInterval(publish, 1_000);
  const steps = setInterval(() => {
    for (const listener of stepListeners) listener(history.at(performance.now()));
  }, stepSeconds * 1_000);

  return {
    current: () => published,
    onChange(listener) {
      listeners.push(listener);
    },
    history: () => history.at(performance.now()),
    onStep(listener) {
      stepListeners.push(listener);
    },
    async stop() {
      stopped = true;
      clearInterval(clock);
      clearInterval(steps);
      changed.resolve();
      await following;
      await stopListening?.();
    },
  };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
