import { describe, expect, it } from 'vitest';
import type { Fault } from '../src/faults/fault.ts';
import { createRandom } from '../src/random.ts';
import { createSchedule } from '../src/schedule.ts';

const parts = ['vote 1', 'vote 2', 'worker', 'Redis', 'PostgreSQL'];
const kinds = ['killed', 'frozen', 'cut off'];
const shape = { lengthMs: 60_000, faults: 12 };

const faults: Fault[] = kinds.flatMap((kind) =>
  parts.map((part) => ({
    kind,
    target: part,
    holds: [part],
    lastsMs: [500, 8_000],
    inject: async () => async () => {},
  })),
);

function rounds(seed: number, count: number) {
  const next = createSchedule(faults, createRandom(seed));
  return Array.from({ length: count }, () => next(shape));
}

function named(seed: number) {
  return rounds(seed, 3).map((round) =>
    round.map(({ fault, atMs, lastsMs }) => [fault.kind, fault.target, atMs, lastsMs]),
  );
}

describe('schedule', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(named(7)).toEqual(named(7));
    expect(named(8)).not.toEqual(named(7));
  });

  it('gives every fault its turn, as often as any other', () => {
    const turns = Map.groupBy(rounds(1, 20).flat(), ({ fault }) => fault);
    const often = faults.map((fault) => turns.get(fault)?.length ?? 0);
    expect(Math.min(...often)).toBeGreaterThanOrEqual(14);
    expect(Math.max(...often) - Math.min(...often)).toBeLessThanOrEqual(2);
  });

  it('lets no two faults touch the same part at once, and all end before the votes do', () => {
    for (const round of rounds(3, 20)) {
      for (const part of parts) {
        const own = round.filter(({ fault }) => fault.holds.includes(part));
        for (const [i, { atMs }] of own.entries()) {
          const before = own[i - 1];
          if (before !== undefined) expect(atMs).toBeGreaterThan(before.atMs + before.lastsMs + 1_000);
        }
      }
      for (const { atMs, lastsMs } of round) {
        expect(atMs).toBeGreaterThanOrEqual(1_000);
        expect(atMs + lastsMs).toBeLessThan(shape.lengthMs - 5_000);
      }
    }
  });
});
