import { castAt, entryAt, mostEntriesInMillisecond, mostVotesInEntry, sequenceAt } from '@voting/core';
import { describe, expect, it } from 'vitest';

const [lastEntry, lastVote] = [mostEntriesInMillisecond - 1, mostVotesInEntry - 1];

describe('sequence', () => {
  it('orders by time, then by entry, then by place in the entry, and fits a bigint column for centuries', () => {
    expect(sequenceAt(2, 0)).toBeGreaterThan(sequenceAt(1, lastEntry, lastVote));
    expect(sequenceAt(1, 2)).toBeGreaterThan(sequenceAt(1, 1, lastVote));
    expect(sequenceAt(1, 1, 2)).toBeGreaterThan(sequenceAt(1, 1, 1));
    expect(sequenceAt(Date.UTC(2200, 0), 0)).toBeLessThan(2n ** 63n);
  });

  it('keeps the order of a stream whose clock stands still for millions of entries', () => {
    expect(sequenceAt(1_000, 5_000_001)).toBeGreaterThan(sequenceAt(1_000, 5_000_000, lastVote));
  });

  it('puts an entry above those of the first version that lie before it in the stream', () => {
    for (const entry of [1, 2, 600, 5_000_000])
      expect(sequenceAt(1_000, entry)).toBeGreaterThan(sequenceAt(1_000, 0, entry - 1));
  });

  it('knows when the vote was cast, and in which entry', () => {
    const now = Date.UTC(2026, 10, 23);
    expect(castAt(sequenceAt(now, 77, 5))).toBe(now);
    expect(entryAt(sequenceAt(now, 77, 5))).toBe(77);
  });
});
