import { createPlaces } from '@voting/runtime';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => vi.useRealTimers());

/** Ten places for strings; `given` has what had to give up its place. */
function places(idleAfterMs = 1_000) {
  const given: string[] = [];
  const ten = createPlaces<string>({ most: 10, idleAfterMs, giveUp: (thing) => given.push(thing) });
  return { ...ten, given };
}

function fill({ take }: ReturnType<typeof places>, address: string, count: number) {
  for (let n = 0; n < count; n++) expect(take(`${address}${n}`, address)).toBe(true);
}

describe('places that are short', () => {
  it('are given up by the address with the most, the least recently used first', () => {
    const all = places();
    fill(all, 'x', 7);
    fill(all, 'y', 3);
    all.use('x0');
    expect(all.hasPlaceFor('z')).toBe(true);
    expect(all.take('z0', 'z')).toBe(true);
    expect(all.given).toEqual(['x1']);
  });

  it('are shared equally in the end, and then nobody takes from anybody', () => {
    const all = places();
    fill(all, 'x', 10);
    const taken = Array.from({ length: 20 }, (_, n) => all.take(`y${n}`, 'y')).filter(Boolean);
    expect(taken).toHaveLength(5);
    expect(all.take('x99', 'x')).toBe(false);
    expect(all.hasPlaceFor('x')).toBe(false);
    expect(all.hasPlaceFor('z')).toBe(true);
  });

  it('are given up by whoever does not use them, even by its own address', () => {
    vi.useFakeTimers();
    const all = places(1_000);
    fill(all, 'x', 10);
    expect(all.take('x10', 'x')).toBe(false);
    vi.advanceTimersByTime(1_000);
    all.use('x0');
    expect(all.take('x10', 'x')).toBe(true);
    expect(all.given).toEqual(['x1']);
  });

  it('are kept while in use, except by an address that has too many', () => {
    vi.useFakeTimers();
    const all = places(1_000);
    for (const n of Array(10).keys()) {
      all.take(`x${n}`, 'x');
      all.keep(`x${n}`);
    }
    vi.advanceTimersByTime(60_000);
    expect(all.take('x10', 'x')).toBe(false);
    expect(all.take('y0', 'y')).toBe(true);
    expect(all.given).toEqual(['x0']);
  });

  it('are free again when something leaves', () => {
    const all = places();
    fill(all, 'x', 10);
    all.leave('x3');
    all.leave('x3');
    expect(all.take('x10', 'x')).toBe(true);
    expect(all.take('x11', 'x')).toBe(false);
    expect(all.given).toEqual([]);
  });
});
