import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAllowance, createLimit } from '../src/limit.ts';

afterEach(() => vi.useRealTimers());

function from(remoteAddress: string): IncomingMessage {
  return { socket: { remoteAddress }, headers: {} } as unknown as IncomingMessage;
}

function limitOf(times: number) {
  return createLimit({ times, seconds: 3_600, code: 'too_many_voters', trustProxy: false });
}

describe('a limit for each address', () => {
  it('begins anew when its time is over', () => {
    vi.useFakeTimers();
    const limit = limitOf(2);
    limit(from('192.0.2.1'));
    limit(from('192.0.2.1'));
    vi.advanceTimersByTime(3_599_000);
    expect(() => limit(from('192.0.2.1'))).toThrow(
      expect.objectContaining({ code: 'too_many_voters', retryAfter: 1 }),
    );
    vi.advanceTimersByTime(1_000);
    limit(from('192.0.2.1'));
    limit(from('192.0.2.1'));
    expect(() => limit(from('192.0.2.1'))).toThrow();
  });

  it('remembers no more addresses than there is memory for: the oldest are forgotten', async () => {
    const limit = limitOf(1);
    await limit(from('192.0.2.1'));
    for (let n = 0; n < 100_000; n++) await limit(from(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`));
    // the first may come again, because nobody knows it any more
    await limit(from('192.0.2.1'));
    await expect(async () => limit(from('10.1.134.159'))).rejects.toMatchObject({ code: 'too_many_voters' });
  });
});

describe('an allowance for each address', () => {
  it('is used up by what is counted, not by looking', () => {
    const { expectLeft, count } = createAllowance({
      times: 2,
      seconds: 60,
      code: 'too_many_voters',
      trustProxy: false,
    });
    const request = from('192.0.2.1');
    for (let looks = 0; looks < 5; looks++) expectLeft(request);
    count(request);
    expectLeft(request);
    count(request);
    expect(() => expectLeft(request)).toThrow(
      expect.objectContaining({ code: 'too_many_voters', retryAfter: 60 }),
    );
    expectLeft(from('192.0.2.2'));
  });
});
