import { storedVoter } from '@voting/store/stored-voter';
import { describe, expect, it } from 'vitest';

/** An id as the vote service makes it: 48 bits of the time, then 80 others. */
function idAt(ms: number, last = 0): string {
  const bytes = Buffer.alloc(16, 7);
  bytes.writeUIntBE(ms, 0, 6);
  bytes[15] = last;
  return bytes.toString('base64url');
}

const step = 2 ** 16;
const moment = Math.floor(Date.UTC(2026, 11, 1) / step) * step;

describe('the id under which a voter is stored', () => {
  it('is the same each time, another for each voter and for each poll, and as long as the voter’s own', () => {
    const ids = [
      storedVoter('one', idAt(moment)),
      storedVoter('two', idAt(moment)),
      storedVoter('one', idAt(moment, 1)),
    ];
    expect(new Set([...ids, idAt(moment), idAt(moment, 1)]).size).toBe(5);
    expect(storedVoter('one', idAt(moment))).toBe(ids[0]);
    for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
  });

  it('begins alike for all who came within the same 65 seconds, and tells nothing finer', () => {
    const beginOf = (ms: number) => storedVoter('one', idAt(ms)).slice(0, 6);
    expect(beginOf(moment + step - 1)).toBe(beginOf(moment));
    expect(beginOf(moment + step)).not.toBe(beginOf(moment));
  });

  it.each([
    ['all random, as it was before', '_zzzzzzzzzzzzzzzzzzzzw'],
    ['short', 'v1'],
    ['long', 'v'.repeat(64)],
  ])('has nothing in common with the voter’s own or between polls when that is %s', (_, voter) => {
    const [one, two] = [storedVoter('one', voter), storedVoter('two', voter)];
    expect(one).toMatch(/^[\w-]{22}$/);
    expect(one.slice(0, 6)).not.toBe(two.slice(0, 6));
    expect([one.slice(0, 6), two.slice(0, 6)]).not.toContain(voter.slice(0, 6));
  });
});
