import type { Results } from '@voting/result';
import type { Electorate } from './electorate.ts';
import { checkUnmoved, countByOption, differences } from './finality.ts';
import type { Hosting, PollViolation } from './hosting.ts';
import { type DrillPoll, type Polls, pathOf } from './polls.ts';
import { becomesReady, eventually } from './readiness.ts';
import { describePoll } from './room-host.ts';
import { deadLetters, type StoredPoll, storedPolls, uncounted } from './stores.ts';
import type { System } from './system.ts';
import { type Expected, otherThan, type Viewers } from './viewers.ts';

/** What was found while nobody voted and nothing was wrong any more. */
export interface Finding {
  /** Votes that are stored: of each voter one in each poll. */
  readonly stored: number;
  /** Milliseconds until every vote was counted and everybody saw it. */
  readonly settledAfterMs: number;
  readonly violations: readonly PollViolation[];
  /** Everything else that is not as promised, in sentences. */
  readonly faults: readonly string[];
}

export interface AuditDeps {
  readonly system: System;
  readonly polls: Polls;
  readonly hosting: Hosting;
  readonly electorate: Pick<Electorate, 'voteEverywhere'>;
  readonly viewers: Viewers;
}

const nothing: StoredPoll = { choices: new Map(), tally: {}, timed: 0 };
const nothingOn: Expected = { poll: null, stage: 'open', total: 0, tally: {} };

/**
 * Waits for the system to come to rest and compares, poll by poll, ledger, votes, tallies and what is shown. Never
 * rejects: a system that does not come to rest is a finding.
 */
export async function audit({ system, polls, hosting, electorate, viewers }: AuditDeps): Promise<Finding> {
  const began = performance.now();
  const violations: PollViolation[] = [];
  const faults: string[] = [];
  let votes = 0;

  async function attempt(work: Promise<void>): Promise<void> {
    await work.catch((error: Error) => faults.push(error.message));
  }

  async function compare(): Promise<void> {
    const [kept, removed] = [
      polls.all.filter(({ phase }) => phase !== 'removed'),
      polls.all.filter(isRemoved),
    ];
    await attempt(eventually('all of removed polls is erased', () => leftOf(removed, system)));
    const stored = await storedPolls(system);
    for (const poll of polls.all) {
      const found = stored.get(poll.id) ?? nothing;
      votes += found.choices.size;
      const broken = poll.ledger.violations(found.choices);
      violations.push(...broken.map((violation) => ({ ...violation, poll: describePoll(poll) })));
      faults.push(...differences(found).map((difference) => `${describePoll(poll)}: ${difference}`));
      await checkUnmoved(poll, system, hosting.doubts);
    }
    for (const id of stored.keys()) {
      if (polls.get(id) === undefined)
        faults.push(`something is stored of poll ${id}, which nobody has made`);
    }
    await attempt(see(kept, removed, stored));
    // not before: until then somebody may be shown what was true a moment ago
    if (violations.length === 0) {
      for (const poll of polls.all) poll.ledger.settle(stored.get(poll.id)?.choices ?? nothing.choices);
    }
    const buried = await deadLetters(system);
    if (buried > 0) faults.push(`${buried} votes were set aside as not countable`);
  }

  /** Everybody is shown what is stored, and nothing of what was removed. */
  async function see(
    kept: readonly DrillPoll[],
    removed: readonly DrillPoll[],
    stored: ReadonlyMap<string, StoredPoll>,
  ): Promise<void> {
    const expected = new Map(kept.map((poll) => [poll.id, expectedOf(poll, stored.get(poll.id) ?? nothing)]));
    const on = new Map<string, string | null>();
    for (const room of ['main', ...hosting.rooms]) on.set(room, await hosting.onIn(room));
    await eventually('all viewers see the final state', async () =>
      viewers.notSeeing((room) => expected.get(on.get(room) ?? '') ?? nothingOn),
    );
    for (const poll of kept) {
      await eventually(`${describePoll(poll)} is shown as it is`, async () => {
        const answer = await fetch(`${system.result.address}/api/results${pathOf(poll)}`);
        return otherThan(expected.get(poll.id) as Expected, (await answer.json()) as Results);
      });
    }
    for (const { address } of [...system.votes, { address: `${system.result.address}/api/results` }]) {
      for (const poll of removed) {
        await eventually(`${describePoll(poll)} is not shown`, async () => {
          const { status } = await fetch(address.replace(/\/$/, '') + pathOf(poll));
          return status === 404 ? undefined : `${address} answers ${status}`;
        });
      }
    }
  }

  for (const service of system.services) {
    await attempt(becomesReady(service));
    faults.push(...service.crashes);
  }
  for (const poll of polls.all) if (poll.phase === 'open') await attempt(electorate.voteEverywhere(poll));
  await attempt(eventually('every vote is counted', () => uncounted(system)));
  await attempt(compare());
  return {
    stored: votes,
    settledAfterMs: performance.now() - began,
    violations: [...hosting.violations, ...violations],
    // first what says most
    faults: [...viewers.impossible, ...hosting.faults, ...faults],
  };
}

function isRemoved({ phase }: DrillPoll): boolean {
  return phase === 'removed';
}

async function leftOf(removed: readonly DrillPoll[], system: System): Promise<string | undefined> {
  const stored = await storedPolls(system);
  const left = removed.find(({ id }) => stored.has(id));
  if (left === undefined) return undefined;
  const { choices, tally, timed } = stored.get(left.id) ?? nothing;
  return `of ${describePoll(left)} there are ${choices.size} votes, the tally ${JSON.stringify(tally)}, ${timed} in the timeline`;
}

function expectedOf(poll: DrillPoll, { choices }: StoredPoll): Expected {
  const isOpen = poll.phase === 'open';
  const isShown = poll.visibility === 'live' || (poll.visibility === 'closed' && !isOpen);
  return {
    poll: poll.id,
    stage: isOpen ? 'open' : 'final',
    total: choices.size,
    tally: isShown ? countByOption(choices.values()) : undefined,
  };
}
