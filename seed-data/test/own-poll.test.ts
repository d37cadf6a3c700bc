import { describe, expect, it } from 'vitest';
import { createHostClient } from '../src/host-client.ts';
import { makeOwnPoll } from '../src/own-poll.ts';
import { parsePlan } from '../src/plan.ts';
import { hostKey, problem, startHostService } from './host-service.ts';
import { vacantUrl } from './vote-service.ts';

const forever = new AbortController().signal;

function make(host: URL, { votes = 'a=2,b=1', patienceMs = 0, key = hostKey } = {}) {
  const client = createHostClient({ host, key, timeLimitMs: 2_000 });
  const now = new Date('2026-12-24T20:00:01.234Z');
  return makeOwnPoll({ plan: parsePlan(votes, []), patienceMs, now }, client, forever);
}

describe('a poll for test votes', () => {
  it('is made in a room of its own, and opened there', async () => {
    await using host = await startHostService();
    expect(await make(host.url)).toEqual({ room: 'seed', poll: 'k3x9' });
    expect(host.asked).toEqual([
      { path: '/api/rooms', body: { id: 'seed', title: 'Test votes' } },
      {
        path: '/api/rooms/seed/polls',
        body: { question: 'Test votes of 2026-12-24 20:00:01 UTC', options: ['Option A', 'Option B'] },
      },
      { path: '/api/rooms/seed/polls/k3x9/open', body: {} },
    ]);
  });

  it.each([
    ['a=5', 2],
    ['a=1,c=1', 3],
    ['z=1', 26],
  ])('has for %s so many options: %i', async (votes, count) => {
    await using host = await startHostService();
    await make(host.url, { votes });
    const [, { body }] = host.asked as [unknown, { body: unknown }];
    const { options } = body as { options: string[] };
    expect(options).toHaveLength(count);
    expect(new Set(options).size).toBe(count);
  });

  it('is made where the room is there already', async () => {
    await using host = await startHostService((post) =>
      post === 0 ? problem(409, 'room_taken') : undefined,
    );
    expect(await make(host.url)).toEqual({ room: 'seed', poll: 'k3x9' });
  });

  it('is made as soon as the service can, and is not opened twice', async () => {
    await using host = await startHostService(
      (post) =>
        [
          problem(503, 'store_unavailable'),
          undefined,
          undefined,
          problem(500, 'unexpected'),
          problem(409, 'poll_state'),
        ][post],
    );
    expect(await make(host.url, { patienceMs: 5_000 })).toEqual({ room: 'seed', poll: 'k3x9' });
    expect(host.asked.map(({ path }) => path).slice(-2)).toEqual(
      Array(2).fill('/api/rooms/seed/polls/k3x9/open'),
    );
  });
});

describe('without one', () => {
  it('because nothing listens, it is said what to do', async () => {
    const url = await vacantUrl();
    await expect(make(url)).rejects.toThrow(
      `No host service answers at ${url.href} (ECONNREFUSED). Start it (npm run host), say with HOST_URL where it is, or vote in what is on, with --poll on.`,
    );
  });

  it('because the key is wrong, it is said whose it has to be', async () => {
    await using host = await startHostService();
    await expect(make(host.url, { key: 'another', patienceMs: 5_000 })).rejects.toThrow(
      /HOST_KEY has to be one of its HOST_KEYS/,
    );
    expect(host.asked).toHaveLength(1);
  });

  it.each([
    ['too many keys', problem(429, 'too_many_keys'), /no more keys from here for a minute/],
    ['the store is gone', problem(503, 'store_unavailable'), /cannot make a poll now \(store_unavailable\)/],
    ['it is refused', problem(422, 'content_invalid'), /refuses \(content_invalid\): For people\./],
    ['a page is there', { status: 200, body: '<h1>It works!</h1>' }, /\(HTTP 200\) is no host service/],
    ['JSON of another is there', { status: 404, body: { error: 'x' } }, /\(HTTP 404\) is no host service/],
  ])('because %s, it is said', async (_, told, sentence) => {
    await using host = await startHostService(() => told);
    await expect(make(host.url)).rejects.toThrow(sentence);
  });
});
