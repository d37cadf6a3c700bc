import { pause } from './pause.ts';

export interface Pacer {
  /** Resolves when the next vote may begin, or when `stopped` aborts. */
  turn(stopped: AbortSignal): Promise<void>;
}

/** How far behind its timetable a run may be and still catch up; beyond that a stall would end in a flood. */
const slackMs = 100;

/**
 * Hands out turns on a timetable of `rate` a second; without a rate every turn is now.
 * A timetable, unlike a wait between turns, does not add up the lateness of timers.
 */
export function createPacer(rate: number | undefined): Pacer {
  if (rate === undefined) return { turn: () => Promise.resolve() };
  let next: number | undefined;
  return {
    async turn(stopped) {
      const now = performance.now();
      const own = Math.max(next ?? now, now - slackMs);
      next = own + 1000 / rate;
      if (own > now) await pause(Math.ceil(own - now), stopped);
    },
  };
}
