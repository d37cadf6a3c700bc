import { createPatience, createReadiness } from '@voting/runtime';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => {
  // the pauses between its tries are real
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('says a fault that lasts again every minute, and once that it is over', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) });
  const readiness = createReadiness();
  const stopping = new AbortController().signal;
  const patiently = createPatience({ stopping, isPassing: () => true, log, readiness });
  let tries = 0;
  const done = await patiently('store', async () => {
    if (tries === 5) return 'done';
    tries++;
    vi.advanceTimersByTime(25_000);
    throw new Error('permission denied for table votes');
  });
  expect(done).toBe('done');
  const fault = { part: 'store', err: { message: 'permission denied for table votes' } };
  expect(lines).toMatchObject([
    { ...fault, failures: 1 },
    { ...fault, failures: 4 },
    { part: 'store', msg: 'answers again', failures: 5 },
  ]);
});
