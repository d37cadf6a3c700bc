/** How many new voters came in each of the last steps, as the `history` event carries it. */
export interface History {
  readonly stepSeconds: number;
  /** Oldest first, always the same number of steps. */
  readonly votes: readonly number[];
}

/** As the store keeps them. */
export const stepSeconds = 10;
const steps = 60;

/** The beginning of the oldest step that is shown at `now`. Both are Unix seconds. */
export function historyBegins(now: number): number {
  return (Math.floor(now / stepSeconds) - steps) * stepSeconds;
}

/**
 * The last ten minutes, in the steps that are complete at `now`.
 *
 * @param timeline new voters by the beginning of the step, in Unix seconds
 */
export function historyOf(timeline: ReadonlyMap<number, number>, now: number): History {
  const first = historyBegins(now);
  return {
    stepSeconds,
    votes: Array.from({ length: steps }, (_, i) => timeline.get(first + i * stepSeconds) ?? 0),
  };
}
