import { timingSafeEqual } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVoterCookies } from '../src/voter-cookie.ts';

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) };
});

const keys: [string, string] = ['the new secret key', 'the old secret key'];
afterEach(() => vi.clearAllMocks());

describe('a signature', () => {
  it('is compared in a time that does not tell how much of it is right', () => {
    const forged = `voter_id=${'A'.repeat(22)}.${'B'.repeat(22)}`;
    expect(createVoterCookies(keys)(forged, false).setCookie).toBeDefined();
    expect(timingSafeEqual).toHaveBeenCalledTimes(keys.length);
  });

  it('belongs to its id alone', () => {
    const cookies = createVoterCookies(keys);
    const [one, other] = [cookies(undefined, false), cookies(undefined, false)];
    const signature = /\.([\w-]{22});/.exec(other.setCookie ?? '')?.[1];
    expect(cookies(`voter_id=${one.id}.${signature}`, false).setCookie).toBeDefined();
    expect(cookies(`voter_id=${other.id}.${signature}`, false)).toEqual({
      id: other.id,
      isNew: false,
      setCookie: undefined,
    });
  });
});
