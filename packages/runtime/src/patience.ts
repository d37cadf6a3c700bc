import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from './log.ts';
import type { Readiness } from './readiness.ts';

/**
 * Runs `work`, again and again while `part` (the queue, the store) does not answer, and lets the
 * service's readiness follow. Rejects with what trying again cannot mend, and when the service stops.
 */
export type Patience = <T>(part: string, work: () => Promise<T>) => Promise<T>;

export interface PatienceDeps {
  /** Ends all waiting. */
  readonly stopping: AbortSignal;
  /** Whether trying again may help. */
  readonly isPassing: (error: unknown) => boolean;
  readonly log: Log;
  readonly readiness: Readiness;
}

const firstPauseMs = 50;
const longestPauseMs = 2_000;
/** What lasts is said again this often, so that whoever looks at the end of the log sees it. */
const remindMs = 60_000;

export function createPatience({ stopping, isPassing, log, readiness }: PatienceDeps): Patience {
  return async (part, work) => {
    let saidAt = Number.NEGATIVE_INFINITY;
    for (let failures = 0; ; failures++) {
      try {
        const outcome = await work();
        if (failures > 0) log.info({ part, failures }, 'answers again');
        readiness.set(part, true);
        return outcome;
      } catch (error) {
        if (!isPassing(error)) throw error;
        readiness.set(part, false);
        if (performance.now() - saidAt >= remindMs) {
          saidAt = performance.now();
          log.warn(
            { part, failures: failures + 1, err: error },
            'does not answer, trying again until it does',
          );
        }
        if (stopping.aborted) throw error;
        const backoff = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
        await pause(backoff * (0.5 + Math.random() / 2), undefined, { signal: stopping });
      }
    }
  };
}
