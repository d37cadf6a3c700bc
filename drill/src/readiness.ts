import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceSlot } from './service-slot.ts';

/** Longer than any backoff; what takes longer is wedged. */
const patienceMs = 30_000;

/**
 * Resolves when `holds` does; a failure to find out counts as not yet.
 *
 * @param what is waited for, for the error
 * @throws when it has not come within 30 seconds
 */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + patienceMs;
  let trouble: unknown;
  for (;;) {
    const done = await holds().catch((error: unknown) => {
      trouble = error;
      return false;
    });
    if (done) return;
    if (performance.now() > until) {
      throw new Error(`${what}: not within ${patienceMs / 1000} s`, { cause: trouble });
    }
    await pause(100);
  }
}

export function becomesReady(service: ServiceSlot): Promise<void> {
  return eventually(`${service.name} is ready`, () => service.isReady());
}
