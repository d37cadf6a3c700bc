/** Things that are waited for, each for the same time at most. */
export interface Patience<Thing> {
  waitFor(thing: Thing): void;
  /** It has come; whoever is not waited for is passed over. */
  came(thing: Thing): void;
}

/** Given up at once; others have their turn before the next. */
const slice = 1_000;

/**
 * Gives up what has not come within `ms`, the oldest first. When very many are given up at once, the event
 * loop goes on between slices of them, each of which is one call.
 */
export function createPatience<Thing>(
  ms: number,
  giveUp: (things: readonly Thing[]) => void,
): Patience<Thing> {
  /** With the moments of `performance.now()` at which they are given up, the earliest first. */
  const waitedFor = new Map<Thing, number>();
  let watching = false;

  function watch(): void {
    const [next] = waitedFor.values();
    watching = next !== undefined;
    if (next !== undefined) setTimeout(look, next - performance.now());
  }

  function look(): void {
    const now = performance.now();
    const late: Thing[] = [];
    for (const [thing, until] of waitedFor) {
      if (until > now) break;
      late.push(thing);
      if (late.length < slice) continue;
      // a timer would give others no turn: what is due runs one after the other
      setImmediate(look);
      break;
    }
    for (const thing of late) waitedFor.delete(thing);
    if (late.length > 0) giveUp(late);
    if (late.length < slice) watch();
  }

  return {
    waitFor(thing) {
      waitedFor.set(thing, performance.now() + ms);
      if (!watching) watch();
    },
    came: (thing) => waitedFor.delete(thing),
  };
}
