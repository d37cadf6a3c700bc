import type { Fault } from './faults/fault.ts';
import type { Random } from './random.ts';

/** A fault, when it begins and how long it lasts, in milliseconds from the start of its round. */
export interface Planned {
  readonly fault: Fault;
  readonly atMs: number;
  readonly lastsMs: number;
}

export interface RoundShape {
  /** How long votes are cast. */
  readonly lengthMs: number;
  readonly faults: number;
}

/** Before the first fault votes flow, and after the last the system may come back while votes still flow. */
const leadMs = 1_000;
const tailShare = 0.15;
/** Between two faults on the same part, so that the second finds it at work again. */
const restMs = 1_500;
const attempts = 200;

/**
 * Deals out faults round after round. Every fault has its turn before any comes again, and none begins
 * on a part that another still holds; whatever fits nowhere in a round waits for the next.
 */
export function createSchedule(
  faults: readonly Fault[],
  random: Random,
): (shape: RoundShape) => readonly Planned[] {
  let deck: Fault[] = [];

  function draw(): Fault {
    if (deck.length === 0) deck = random.shuffle(faults);
    return deck.pop() as Fault;
  }

  function place(fault: Fault, planned: readonly Planned[], lengthMs: number): Planned | undefined {
    const end = lengthMs * (1 - tailShare);
    const [shortest, longest] = fault.lastsMs;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const lastsMs = random.between(shortest, longest);
      if (leadMs + lastsMs > end) continue;
      const candidate = { fault, atMs: random.between(leadMs, end - lastsMs), lastsMs };
      if (planned.every((other) => agree(candidate, other))) return candidate;
    }
    return undefined;
  }

  return ({ lengthMs, faults: count }) => {
    const planned: Planned[] = [];
    const postponed: Fault[] = [];
    while (planned.length < count && postponed.length < faults.length) {
      const fault = draw();
      const placed = place(fault, planned, lengthMs);
      if (placed === undefined) postponed.push(fault);
      else planned.push(placed);
    }
    deck.push(...postponed);
    return planned.sort((one, other) => one.atMs - other.atMs);
  };
}

function agree(one: Planned, other: Planned): boolean {
  const apart =
    one.atMs > other.atMs + other.lastsMs + restMs || other.atMs > one.atMs + one.lastsMs + restMs;
  return apart || !one.fault.holds.some((part) => other.fault.holds.includes(part));
}
