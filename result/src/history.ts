/** How many new voters came in each of the last steps, as the `history` event carries it. */
export interface History {
  readonly stepSeconds: number;
  /** Oldest first, always the same number of steps; null where the count was not followed. */
  readonly votes: readonly (number | null)[];
}

export interface HistoryKeeper {
  /** Takes note of how many votes are counted at this moment (milliseconds of performance.now). */
  observe(total: number, at: number): void;
  /** The steps that are complete at `now`. */
  at(now: number): History;
}

export const stepSeconds = 10;
const steps = 60;

/**
 * Remembers the totals of the last ten minutes, one for each step of ten seconds: a few numbers, however
 * many votes there are. It starts anew with its process, and says null for what it did not see.
 */
export function createHistory(): HistoryKeeper {
  const totals = new Map<number, number>();
  const stepOf = (at: number) => Math.floor(at / 1000 / stepSeconds);

  return {
    observe(total, at) {
      const step = stepOf(at);
      totals.set(step, total);
      for (const old of totals.keys()) if (old < step - steps - 1) totals.delete(old);
    },
    at(now) {
      const first = stepOf(now) - steps;
      return {
        stepSeconds,
        votes: Array.from({ length: steps }, (_, i) => {
          const [before, after] = [totals.get(first + i - 1), totals.get(first + i)];
          // a recount may take votes away, which is no voting
          return before === undefined || after === undefined ? null : Math.max(0, after - before);
        }),
      };
    },
  };
}
