import { setTimeout as pause } from 'node:timers/promises';
import { VotingError } from '@voting/core';
import type { Log, Readiness } from '@voting/runtime';

/**
 * Runs `work`, again and again while `part` (the queue or the store) does not answer.
 * Rejects when the worker is stopping, or with what trying again cannot mend.
 */
export type Patience = <T>(part: 'queue' | 'store', work: () => Promise<T>) => Promise<T>;

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/** Patience that ends with `signal` and lets the service's readiness follow what it meets. */
export function createPatience(
  signal: AbortSignal,
  { log, readiness }: { log: Log; readiness: Readiness },
): Patience {
  return async (part, work) => {
    for (let failures = 0; ; failures++) {
      try {
        const outcome = await work();
        if (failures > 0) log.info({ part, failures }, 'answers again');
        readiness.set(part, true);
        return outcome;
      } catch (error) {
        if (!isPassing(error)) throw error;
        readiness.set(part, false);
        if (failures === 0) log.warn({ part, err: error }, 'does not answer, trying again until it does');
        if (signal.aborted) throw error;
        const backoff = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
        await pause(backoff * (0.5 + Math.random() / 2), undefined, { signal });
      }
    }
  };
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof VotingError && (error.code === 'queue_unavailable' || error.code === 'store_unavailable')
  );
}
