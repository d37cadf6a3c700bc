import { setTimeout as pause } from 'node:timers/promises';
import type { Planned } from './schedule.ts';

/** Something that happened, a fault as a rule. */
export interface Incident {
  readonly kind: string;
  readonly target: string;
  /** Milliseconds since the start of the drill. */
  readonly from: number;
  readonly to: number;
}

export interface Incidents {
  /** Lets the planned faults happen, starting now. Resolves when all have been undone. */
  run(plan: readonly Planned[]): Promise<void>;
  readonly past: readonly Incident[];
  /** Faults that could not be made or undone: the drill itself is broken then, or the system. */
  readonly failures: readonly string[];
}

export function createIncidents(now: () => number): Incidents {
  const past: Incident[] = [];
  const failures: string[] = [];
  /** What each part is busy with. A fault may last longer than planned, and the next one waits for it. */
  const held = new Map<string, Promise<void>>();

  async function happen({ fault, lastsMs }: Planned, before: Promise<unknown>): Promise<void> {
    await before;
    const from = now();
    try {
      const undo = await fault.inject();
      await pause(lastsMs);
      await undo();
    } catch (error) {
      failures.push(`${fault.kind}, ${fault.target}: ${(error as Error).message}`);
    }
    past.push({ kind: fault.kind, target: fault.target, from, to: now() });
  }

  function begin(planned: Planned): Promise<void> {
    const { holds } = planned.fault;
    const happening = happen(planned, Promise.all(holds.map((part) => held.get(part))));
    for (const part of holds) held.set(part, happening);
    return happening;
  }

  return {
    async run(plan) {
      await Promise.all(
        plan.map(async (planned) => {
          await pause(planned.atMs);
          await begin(planned);
        }),
      );
    },
    past,
    failures,
  };
}
