import { isVoterId } from '@voting/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVoterIds } from '../src/voter-id.ts';

afterEach(() => {
  vi.useRealTimers();
});

const bytesOf = (id: string) => Buffer.from(id, 'base64url');

describe('voter ids', () => {
  it('are ids, each another', () => {
    const newId = createVoterIds();
    const ids = Array.from({ length: 10_000 }, newId);
    expect(ids.every(isVoterId)).toBe(true);
    expect(new Set(ids.map((id) => bytesOf(id).subarray(6).toString('hex'))).size).toBe(ids.length);
  });

  it('begin with the time, so that voters of one moment are stored together', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_795_780_800_123 });
    const newId = createVoterIds();
    const [one, other] = [newId(), newId()];
    expect(bytesOf(one).readUIntBE(0, 6)).toBe(1_795_780_800_123);
    expect(other.slice(0, 8)).toBe(one.slice(0, 8));
  });

  it('have 80 bits that nobody can foresee', () => {
    const newId = createVoterIds();
    const bits = Array.from({ length: 2_000 }, () =>
      BigInt(`0x${bytesOf(newId()).subarray(6).toString('hex')}`),
    );
    for (let bit = 0n; bit < 80n; bit++) {
      const ones = bits.filter((random) => (random >> bit) & 1n).length;
      // further off than ten standard deviations is no chance
      expect(Math.abs(ones - 1_000)).toBeLessThan(224);
    }
  });
});
