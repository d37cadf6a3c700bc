import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceSlot } from './service-slot.ts';

/** Longer than any backoff; what takes longer is wedged. */
const patienceMs = 30_000;

/**
 * Asks again and again until nothing is missing; a failure to find out counts as not yet.
 *
 * @param what is waited for, for the error
 * @param missing resolves with what is still missing, or with undefined
 * @throws when it has not come within 30 seconds
 */
export async function eventually(what: string, missing: () => Promise<string | undefined>): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const still = await missing().catch((error: Error) => error.message);
    if (still === undefined) return;
    if (performance.now() > until) throw new Error(`${what}: not within ${patienceMs / 1000} s, ${still}`);
    await pause(100);
  }
}

export function becomesReady(service: ServiceSlot): Promise<void> {
  return eventually(`${service.name} is ready`, async () =>
    (await service.isReady()) ? undefined : 'it says it is not',
  );
}
