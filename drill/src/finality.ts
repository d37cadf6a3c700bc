import { setTimeout as pause } from 'node:timers/promises';
import type { Violation } from './ledger.ts';
import type { DrillPoll } from './polls.ts';
import { eventually } from './readiness.ts';
import { type StoredPoll, storedPoll } from './stores.ts';
import type { System } from './system.ts';

/** What was found of polls that are not as promised. */
export interface Doubts {
  violations(poll: DrillPoll, violations: readonly Violation[]): void;
  fault(poll: DrillPoll, what: string): void;
}

/** What a vote whose answer was lost may still take to be stored, when the service that had it died. */
const stragglersMs = 2_000;

/**
 * Notes what is stored of a poll that was just seen to be final, and checks it: everybody's promised choice is counted, and
 * nothing moves any more while the last voters hear that they came too late.
 */
export async function noteFinal(poll: DrillPoll, system: System, doubts: Doubts): Promise<void> {
  const atOnce = await stored(poll, system);
  await rest(poll);
  await pause(stragglersMs);
  poll.final = atOnce.choices;
  await checkUnmoved(poll, system, doubts);
  const violations = poll.ledger.violations(atOnce.choices);
  doubts.violations(poll, violations);
  for (const difference of differences(atOnce)) doubts.fault(poll, difference);
  if (violations.length === 0) poll.ledger.settle(atOnce.choices);
  poll.resting = false;
}

/** Checks that nothing has moved since a poll was final. */
export async function checkUnmoved(poll: DrillPoll, system: System, doubts: Doubts): Promise<void> {
  const { final } = poll;
  if (final === undefined) return;
  const { choices } = await stored(poll, system);
  const voters = new Set([...final.keys(), ...choices.keys()]);
  const others = [...voters].filter((voter) => final.get(voter) !== choices.get(voter));
  if (others.length > 0) {
    doubts.fault(poll, `${others.length} votes moved after it was final, for example that of ${others[0]}`);
  }
}

/** Keeps voters from a poll until the answers to all that was sent are there; `resting` says when they may come back. */
export async function rest(poll: DrillPoll): Promise<void> {
  poll.resting = true;
  while (poll.ledger.underWay > 0) await pause(50);
}

/** What is stored of a poll that nothing should happen to; asked for until PostgreSQL answers. */
async function stored(poll: DrillPoll, system: System): Promise<StoredPoll> {
  let found: StoredPoll | undefined;
  await eventually(`what is stored of ${poll.id}`, async () => {
    found = await storedPoll(system, poll.id);
    return undefined;
  });
  return found as StoredPoll;
}

/** How the tallies and the timeline of a poll differ from a count of its votes, in sentences. */
export function differences({ choices, tally, timed }: StoredPoll): string[] {
  const counted = countByOption(choices.values());
  const options = new Set([...Object.keys(counted), ...Object.keys(tally)]);
  const faults = [...options]
    .filter((option) => (counted[option] ?? 0) !== (tally[option] ?? 0))
    .map((option) => `option ${option}: ${counted[option] ?? 0} votes, but a tally of ${tally[option] ?? 0}`);
  if (timed !== choices.size) faults.push(`${choices.size} voters, but ${timed} in its timeline`);
  return faults;
}

export function countByOption(choices: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const choice of choices) counts[choice] = (counts[choice] ?? 0) + 1;
  return counts;
}
