/** One thing that can go wrong with one part of the system. */
export interface Fault {
  /** What happens, in the report's words; the same for every part it can happen to. */
  readonly kind: string;
  /** What it happens to, in the report's words. */
  readonly target: string;
  /** The parts it takes for itself: no other fault touches them at the same time. */
  readonly holds: readonly string[];
  /** Shortest and longest time it lasts, in milliseconds. */
  readonly lastsMs: readonly [number, number];
  /** Makes it happen and resolves with what undoes it. */
  inject(): Promise<() => Promise<void>>;
}
