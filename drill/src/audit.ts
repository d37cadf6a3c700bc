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
  const violations: Violation[] = [];
  const faults: string[] = [];
  let voters = 0;

  async function attempt(work: Promise<void>): Promise<void> {
    await work.catch((error: Error) => faults.push(error.message));
  }

  async function compare(): Promise<void> {
    const stored = await storedChoices(system);
    voters = stored.size;
    violations.push(...ledger.violations(stored));
    const counted = countByOption(stored.values());
    await attempt(eventually('all viewers see the final state', async () => viewers.notSeeing(counted)));
    // not before: until then somebody may be shown what was true a moment ago
    if (violations.length === 0) ledger.settle(stored);
    faults.push(...differences(counted, await tallies(system)));
    const buried = await deadLetters(system);
    if (buried > 0) faults.push(`${buried} votes were set aside as not countable`);
  }

  for (const service of system.services) {
    await attempt(becomesReady(service));
    faults.push(...service.crashes);
  }
  await attempt(eventually('every vote is counted', () => uncounted(system)));
  await attempt(compare());
  faults.push(...viewers.impossible);
  return { voters, settledAfterMs: performance.now() - began, violations, faults };
}

function differences(counted: Record<string, number>, tallied: Readonly<Record<string, number>>): string[] {
  const options = new Set([...Object.keys(counted), ...Object.keys(tallied)]);
  return [...options]
    .filter((option) => (counted[option] ?? 0) !== (tallied[option] ?? 0))
    .map(
      (option) => `option ${option}: ${counted[option] ?? 0} votes, but a tally of ${tallied[option] ?? 0}`,
    );
}

function countByOption(choices: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const choice of choices) counts[choice] = (counts[choice] ?? 0) + 1;
  return counts;
}
