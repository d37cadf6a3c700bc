import { createTroubles } from '@voting/runtime';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('a trouble that happens very often is told of when it begins, now and then, and when it is over', () => {
  const lines: Record<string, unknown>[] = [];
  const tell = createTroubles(pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) }));
  for (let n = 0; n < 10_000; n++) tell('queue_unavailable', new Error('no Redis'));
  expect(lines).toMatchObject([
    { msg: 'trouble begins', trouble: 'queue_unavailable', err: { message: 'no Redis' } },
  ]);
  vi.advanceTimersByTime(10_000);
  tell('queue_unavailable', new Error('still no Redis'));
  tell('queue_full', new Error('another'));
  vi.advanceTimersByTime(10_000);
  expect(lines.slice(1)).toMatchObject([
    { msg: 'trouble goes on', trouble: 'queue_unavailable', times: 9_999 },
    { msg: 'trouble begins', trouble: 'queue_full' },
    { msg: 'trouble goes on', times: 1, err: { message: 'still no Redis' } },
    { msg: 'trouble is over', trouble: 'queue_full', times: 1 },
  ]);
  vi.advanceTimersByTime(60_000);
  expect(lines.slice(5)).toMatchObject([
    { msg: 'trouble is over', trouble: 'queue_unavailable', times: 10_001 },
  ]);
  tell('queue_unavailable', new Error('again'));
  expect(lines.at(-1)).toMatchObject({ msg: 'trouble begins', err: { message: 'again' } });
});
