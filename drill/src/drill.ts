import { setTimeout as pause } from 'node:timers/promises';
import { audit, type Finding } from './audit.ts';
import { createElectorate } from './electorate.ts';
import { faultsOf, missingFaults } from './faults/faults.ts';
import { type Hosting, openHosting } from './hosting.ts';
import { createIncidents, type Incidents } from './incidents.ts';
import { openPages } from './pages.ts';
import { createPolls } from './polls.ts';
import { createRandom } from './random.ts';
import { becomesReady } from './readiness.ts';
import { createSchedule } from './schedule.ts';
import { createScore, type Score } from './score.ts';
import type { DrillSettings } from './settings.ts';
import type { System } from './system.ts';
import { openViewers } from './viewers.ts';

/** What a drill has shown. */
export interface Outcome {
  readonly settings: DrillSettings;
  readonly score: Score;
  readonly incidents: Incidents;
  readonly hosting: Hosting;
  /** One for each round, and what the round had cast by then. */
  readonly rounds: readonly Round[];
  /** How often viewers were shown something new. */
  readonly updates: number;
  /** What could not go wrong on this machine, and why. */
  readonly missing: readonly string[];
  /** Milliseconds during which votes were cast. */
  readonly castingMs: number;
  readonly kept: boolean;
}

export interface Round extends Finding {
  readonly acknowledged: number;
  readonly incidents: number;
}

const roundMs = 60_000;

/**
 * Casts votes, round after round of a minute at most, while faults happen and hosts open and close; at the end of each round
 * nobody votes, everything is mended, and the promises are checked. Ends early when one was broken.
 *
 * @param tell hears of each round as it ends
 * @param interrupted ends the drill before its time
 */
export async function runDrill(
  settings: DrillSettings,
  system: System,
  tell: (line: string) => void,
  interrupted: AbortSignal,
): Promise<Outcome> {
  const startedAt = performance.now();
  const now = () => performance.now() - startedAt;
  // each has its own, so that the schedule does not depend on how fast votes are cast
  const schedule = createSchedule(faultsOf(system), createRandom(settings.seed));
  const random = createRandom(settings.seed + 1);
  const [polls, score, incidents] = [createPolls(), createScore(), createIncidents(now)];
  const rounds: Round[] = [];
  let castingMs = 0;

  await Promise.all(system.services.map(becomesReady));
  const hosting = await openHosting({ system, polls, seed: settings.seed, now });
  const { rooms } = hosting;
  const pages = openPages(system, rooms);
  const viewers = openViewers(system.result.address, rooms, polls);
  const electorate = createElectorate(
    { rate: settings.rate },
    { system, polls, rooms, pages, score, random, now },
  );

  async function runRound(lengthMs: number): Promise<void> {
    const faults = Math.round((settings.faultsPerMinute * lengthMs) / 60_000);
    const [votesBefore, incidentsBefore] = [score.count('acknowledged'), incidents.past.length];
    const began = performance.now();
    electorate.start();
    hosting.start();
    await Promise.all([incidents.run(schedule({ lengthMs, faults })), rest(lengthMs)]);
    const casting = performance.now() - began;
    await Promise.all([electorate.stop(), hosting.rest()]);
    castingMs += casting;
    const finding = await audit({ system, polls, hosting, electorate, viewers });
    const acknowledged = score.count('acknowledged') - votesBefore;
    // who promises nothing breaks nothing
    const silence = acknowledged === 0 ? ['no vote was acknowledged'] : [];
    const round = {
      ...finding,
      faults: [...finding.faults, ...incidents.failures, ...silence],
      acknowledged,
      incidents: incidents.past.length - incidentsBefore,
    };
    rounds.push(round);
    tell(describe(rounds.length, round));
  }

  async function rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: interrupted }).catch(() => {});
  }

  try {
    let left = settings.minutes * 60_000;
    while (left > 0 && !interrupted.aborted && rounds.every(isKept)) {
      await runRound(Math.min(left, roundMs));
      left -= roundMs;
    }
  } finally {
    viewers.close();
    pages.close();
    electorate.close();
  }
  return {
    settings,
    score,
    incidents,
    hosting,
    rounds,
    updates: viewers.updates,
    missing: missingFaults(system),
    castingMs,
    kept: rounds.every(isKept),
  };
}

function isKept({ violations, faults }: Round): boolean {
  return violations.length === 0 && faults.length === 0;
}

function describe(number: number, round: Round): string {
  const { acknowledged, incidents, stored, settledAfterMs } = round;
  const verdict = isKept(round) ? 'kept' : 'BROKEN';
  return `round ${number}: ${incidents} faults, ${acknowledged} votes acknowledged, ${stored} stored, settled in ${(settledAfterMs / 1_000).toFixed(1)} s: ${verdict}`;
}
