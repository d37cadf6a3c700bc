import { castAt, sequenceAt } from '@voting/core';
import { describe, expect, it } from 'vitest';

describe('sequence', () => {
  it('orders by time, then by counter, and fits a bigint column for centuries', () => {
    expect(sequenceAt(2, 0)).toBeGreaterThan(sequenceAt(1, 1_048_575));
    expect(sequenceAt(1, 2)).toBeGreaterThan(sequenceAt(1, 1));
    expect(sequenceAt(Date.UTC(2200, 0), 0)).toBeLessThan(2n ** 63n);
  });

  it('keeps the order of a stream whose clock stands still for millions of votes', () => {
    expect(sequenceAt(1_000, 5_000_001)).toBeGreaterThan(sequenceAt(1_000, 5_000_000));
  });

  it('knows when the vote was cast', () => {
    const now = Date.UTC(2026, 10, 23);
    expect(castAt(sequenceAt(now, 77))).toBe(now);
  });
});
