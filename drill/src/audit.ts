import type { Ledger, Violation } from './ledger.ts';
import { becomesReady, eventually } from './readiness.ts';
import { deadLetters, storedChoices, tallies, uncounted } from './stores.ts';
import type { System } from './system.ts';
import type { Viewers } from './viewers.ts';

/** What was found while nobody voted and nothing was wrong any more. */
export interface Finding {
  /** Voters whose stored choice is the promised one. */
  readonly voters: number;
  /** Milliseconds until every vote was counted and everybody saw it. */
  readonly settledAfterMs: number;
  readonly violations: readonly Violation[];
  /** Everything else that is not as promised, in sentences. */
  readonly faults: readonly string[];
}

export interface AuditDeps {
  readonly system: System;
  readonly ledger: Ledger;
  readonly viewers: Viewers;
}

/**
 * Waits for the system to come to rest and compares ledger, votes, tallies and what is shown. Never
 * rejects: a system that does not come to rest is a finding.
 */
export async function audit({ system, ledger, viewers }: AuditDeps): Promise<Finding> {
  const began = performance.now();
  const faults: string[] = [];
  const attempt = (work: Promise<void>) => work.catch((error: Error) => void faults.push(error.message));

  for (const service of system.services) {
    await attempt(becomesReady(service));
    faults.push(...service.crashes);
  }
  await attempt(eventually('every vote is counted', () => uncounted(system)));
  const stored = await storedChoices(system);
  const counted = countByOption(stored.values());
  await attempt(eventually('all viewers see the final state', async () => viewers.notSeeing(counted)));
  const settledAfterMs = performance.now() - began;

  const tallied = await tallies(system);
  for (const option of new Set([...Object.keys(counted), ...Object.keys(tallied)])) {
    const [votes, tally] = [counted[option] ?? 0, tallied[option] ?? 0];
    if (votes !== tally) faults.push(`option ${option}: ${votes} votes, but a tally of ${tally}`);
  }
  const buried = await deadLetters(system);
  if (buried > 0) faults.push(`${buried} votes were set aside as not countable`);
  faults.push(...viewers.impossible);
  const violations = ledger.violations(stored);
  if (violations.length === 0) ledger.settle(stored);
  return { voters: stored.size, settledAfterMs, violations, faults };
}

function countByOption(choices: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const choice of choices) counts[choice] = (counts[choice] ?? 0) + 1;
  return counts;
}
