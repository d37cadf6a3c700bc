import {
  type Definition,
  definitionOfPoll,
  definitionOfRoom,
  mainRoom,
  type PollStore,
  type Snapshot,
  type StoreChange,
  type VoteStore,
  VotingError,
} from '@voting/core';
import { definitionsOf, openPoll } from '@voting/core/testing';
import {
  createResultMetrics,
  createResultServer,
  createResultsFeed,
  type Results,
  type ResultsFeed,
} from '@voting/result';
import { createLog, createReadiness, createRegistry, createTroubles, type Server } from '@voting/runtime';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const poll = openPoll();
const log = createLog('test', 'silent');

/** A store whose content the test sets; only what the result service uses. */
function createFakeStore() {
  const tallies = new Map<string, Record<string, number>>();
  let definitions = new Map<string, Definition>();
  let listener: (change: StoreChange) => void = () => {};
  const fake = {
    reads: 0,
    /** Which polls were read, each time. */
    asked: [] as (readonly string[])[],
    away: false,
    /** Called when a reading has been made and is not handed out yet. */
    duringRead: () => {},
    set(next: Record<string, number>, poll = 'main') {
      tallies.set(poll, next);
      listener({ of: 'tally', poll });
    },
    setQuietly(next: Record<string, number>) {
      tallies.set('main', next);
    },
    define(...news: readonly Definition[]) {
      for (const definition of news) {
        definitions = new Map(definitions).set(`${definition.kind} ${definition.id}`, definition);
        listener({ of: definition.kind, id: definition.id });
      }
    },
    async definitions() {
      if (fake.away) throw new VotingError('store_unavailable');
      return [...definitions.values()];
    },
    async snapshot(polls: readonly string[]): Promise<Snapshot> {
      fake.reads++;
      fake.asked.push(polls);
      if (fake.away) throw new VotingError('store_unavailable');
      const read = new Map(polls.map((poll) => [poll, { ...tallies.get(poll) }]));
      fake.duringRead();
      return { tallies: read, pipeline: { beatAge: 0.1, pending: 0, delay: 0 } };
    },
    async timeline() {
      if (fake.away) throw new VotingError('store_unavailable');
      return new Map();
    },
    async onChange(hear: (change: StoreChange) => void) {
      if (fake.away) throw new VotingError('store_unavailable');
      listener = hear;
      return async () => {
        listener = () => {};
      };
    },
  };
  fake.define(...definitionsOf([poll]));
  return fake;
}

let fake: ReturnType<typeof createFakeStore>;
let feed: ResultsFeed;
let registry: ReturnType<typeof createRegistry>;
let server: Server;
let address: string;
const readiness = createReadiness();
const sockets: Socket[] = [];

beforeEach(async () => {
  fake = createFakeStore();
  registry = createRegistry();
  const metrics = createResultMetrics(registry);
  const store = fake as unknown as VoteStore & PollStore;
  feed = createResultsFeed({ store, metrics, readiness, log, troubles: createTroubles(log) });
  server = createResultServer({ voteUrl: ':8080', trustProxy: false }, { feed, metrics, log });
  address = await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await server.close();
  await feed.stop();
});

function view(options: object = {}): Socket {
  const socket = io(address, { transports: ['websocket'], forceNew: true, ...options });
  sockets.push(socket);
  return socket;
}

/** What is shown of the main room now. */
function current(): Promise<Results> {
  return feed.at({ room: mainRoom, poll: undefined });
}

function votesOf({ options }: Results) {
  return Object.fromEntries(options.map(({ id, votes }) => [id, votes]));
}

describe('viewers', () => {
  it('get the results when they come, and whenever they change', async () => {
    fake.set({ a: 2 });
    await vi.waitFor(async () => expect((await current()).total).toBe(2), { timeout: 10_000 });
    const seen: Results[] = [];
    view().on('results', (results: Results) => seen.push(results));
    await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 10_000 });
    expect(seen[0]).toMatchObject({
      poll: 'main',
      question: 'Cats vs Dogs!',
      options: [
        { id: 'a', label: 'Cats', votes: 2 },
        { id: 'b', label: 'Dogs', votes: 0 },
      ],
      total: 2,
      pipeline: { state: 'live', delaySeconds: 0, pending: 0 },
    });
    fake.set({ a: 2, b: 5 });
    await vi.waitFor(() => expect(votesOf(seen.at(-1) as Results)).toEqual({ a: 2, b: 5 }), {
      timeout: 10_000,
    });
  });

  it('that know only the event of the example voting app get its JSON text', async () => {
    const scores: string[] = [];
    view().on('scores', (json: string) => scores.push(json));
    fake.set({ a: 3, b: 1 });
    await vi.waitFor(() => expect(scores.at(-1)).toBe('{"a":3,"b":1}'), { timeout: 10_000 });
  });

  it('who can do without that event are sent one message for each update', async () => {
    fake.set({ a: 2 });
    await vi.waitFor(async () => expect((await current()).total).toBe(2), { timeout: 10_000 });
    const events: string[] = [];
    view({ query: { without: 'scores' } }).onAny((event: string) => events.push(event));
    await vi.waitFor(() => expect(events).toEqual(['message', 'results', 'history']), { timeout: 10_000 });
    fake.set({ a: 2, b: 5 });
    await vi.waitFor(() => expect(events.slice(3).filter((event) => event === 'results')).toHaveLength(1), {
      timeout: 10_000,
    });
    expect(events).not.toContain('scores');
  });

  it('can come by polling as well, from any page', async () => {
    const seen: Results[] = [];
    view({ transports: ['polling'] }).on('results', (results: Results) => seen.push(results));
    await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 10_000 });
    const answer = await fetch(`${address}/socket.io/?EIO=4&transport=polling`, {
      headers: { origin: 'https://x.example' },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('are sent at most ten updates a second, and always the last', async () => {
    const seen: Results[] = [];
    view().on('results', (results: Results) => seen.push(results));
    await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 10_000 });
    const began = performance.now();
    for (let n = 1; n <= 500; n++) {
      fake.set({ a: n });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await vi.waitFor(() => expect(seen.at(-1)?.total).toBe(500), { timeout: 10_000 });
    // beside the tallies, the state of the pipeline may change once a second
    expect(seen.length).toBeLessThan(5 + (performance.now() - began) / 80);
  });

  it('are sent nothing when nothing changes', async () => {
    const seen: Results[] = [];
    view().on('results', (results: Results) => seen.push(results));
    await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 10_000 });
    const reads = fake.reads;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(fake.reads).toBeGreaterThan(reads);
    expect(seen).toHaveLength(1);
  });

  it('see a change that nobody announced', async () => {
    await vi.waitFor(() => expect(readiness.parts().store).toBe(true), { timeout: 10_000 });
    fake.setQuietly({ b: 9 });
    await vi.waitFor(async () => expect(votesOf(await current())).toEqual({ a: 0, b: 9 }), {
      timeout: 3_000,
    });
  });

  it('see a change at once that comes while the store is read', async () => {
    await vi.waitFor(() => expect(readiness.parts().store).toBe(true), { timeout: 10_000 });
    const readAt: number[] = [];
    fake.duringRead = () => {
      readAt.push(performance.now());
      if (readAt.length === 1) fake.set({ a: 7 });
    };
    fake.set({ a: 6 });
    await vi.waitFor(async () => expect((await current()).total).toBe(7), { timeout: 3_000 });
    // and not when the store is read in any case, after a second
    expect((readAt[1] as number) - (readAt[0] as number)).toBeLessThan(950);
  });

  it('are told that all is live although the clock of the service is set', async () => {
    await vi.waitFor(async () => expect((await current()).pipeline.state).toBe('live'), { timeout: 10_000 });
    const states = new Set<string>();
    feed.follow(
      { room: mainRoom, poll: undefined },
      { results: ({ pipeline }) => states.add(pipeline.state), step() {} },
    );
    try {
      for (const offMs of [3_600_000, -7_200_000]) {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs });
        const { reads } = fake;
        await vi.waitFor(() => expect(fake.reads).toBeGreaterThan(reads + 1), { timeout: 5_000 });
        fake.set({ a: fake.reads });
        await vi.waitFor(async () => expect((await current()).total).toBeGreaterThan(reads), {
          timeout: 10_000,
        });
      }
    } finally {
      vi.useRealTimers();
    }
    expect([...states]).toEqual(['live']);
  });

  it('keep the last numbers, marked as delayed, while the store is away, and the new ones after', {
    timeout: 15_000,
  }, async () => {
    fake.set({ a: 4 });
    await vi.waitFor(async () => expect((await current()).total).toBe(4), { timeout: 10_000 });
    fake.away = true;
    await vi.waitFor(async () => expect((await current()).pipeline.state).toBe('delayed'), {
      timeout: 8_000,
    });
    expect((await current()).total).toBe(4);
    expect(readiness.parts().store).toBe(true);
    fake.away = false;
    fake.set({ a: 5 });
    await vi.waitFor(
      async () => expect(await current()).toMatchObject({ total: 5, pipeline: { state: 'live' } }),
      {
        timeout: 3_000,
      },
    );
  });

  it('can send whatever they like', async () => {
    const socket = view();
    const seen: Results[] = [];
    socket.on('results', (results: Results) => seen.push(results));
    await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 10_000 });
    socket.emit('results', null);
    socket.emit('subscribe', undefined, { channel: null });
    socket.emit('vote', { __proto__: null }, [], () => {});
    socket.emit('x'.repeat(1_000), new Uint8Array([1, 2, 3]));
    for (const frame of [
      '',
      '9',
      '42',
      '42[',
      '42["results"',
      '451-["x"]',
      '2probe',
      '\u0000',
      'x'.repeat(100_000),
    ]) {
      const raw = new WebSocket(`${address.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
      await new Promise((resolve) => {
        raw.onopen = () => {
          raw.send(frame);
          raw.close();
        };
        raw.onclose = resolve;
      });
    }
    await fetch(`${address}/socket.io/?EIO=4&transport=polling&sid=nonsense`, {
      method: 'POST',
      body: 'garbage',
    });
    fake.set({ b: 1 });
    await vi.waitFor(() => expect(seen.at(-1)?.total).toBe(1), { timeout: 10_000 });
  });

  it('can come and leave in great numbers', { timeout: 120_000 }, async () => {
    for (let round = 0; round < 10; round++) {
      const crowd = Array.from({ length: 200 }, () => view());
      await vi.waitFor(() => expect(crowd.every((socket) => socket.connected)).toBe(true), {
        timeout: 60_000,
      });
      for (const socket of crowd) socket.disconnect();
    }
    expect((await fetch(`${address}/api/results`)).status).toBe(200);
  });
});

describe('rooms and polls', () => {
  const hall = { id: '204817', title: 'The hall', on: undefined, revision: 1 };
  const lunch = { ...openPoll('lunch', 'What shall we eat?', ['Pizza', 'Curry']), room: hall.id };
  const dinner = { ...openPoll('dinner', 'And later?', ['Soup', 'Salad']), room: hall.id };
  const putOn = (on: string | undefined, revision: number) =>
    fake.define(definitionOfRoom({ ...hall, on, revision }));
  const json = async (path: string) => (await fetch(`${address}/api/results${path}`)).json();

  beforeEach(() => {
    fake.define(definitionOfPoll(lunch), definitionOfPoll(dinner));
    putOn('lunch', 2);
    fake.set({ a: 1 }, 'lunch');
    fake.set({ b: 2 }, 'dinner');
  });

  it('have pages and JSON of their own', async () => {
    expect(await json('/204817')).toMatchObject({
      room: '204817',
      title: 'The hall',
      poll: 'lunch',
      total: 1,
    });
    expect(await json('/204817/dinner')).toMatchObject({ poll: 'dinner', total: 2 });
    expect(await json('')).toMatchObject({ room: mainRoom, poll: 'main' });
    expect(await (await fetch(`${address}/204817/dinner`)).text()).toContain('And later?');
    for (const [path, code] of [
      ['/999999', 'room_unknown'],
      ['/204817/main', 'poll_unknown'],
    ]) {
      const answer = await fetch(`${address}/api/results${path}`);
      expect([answer.status, await answer.json()]).toEqual([
        404,
        expect.objectContaining({ error: expect.objectContaining({ code }) }),
      ]);
      const page = await fetch(address + path);
      expect([page.status, (await page.text()).includes(`data-code="${code}"`)]).toEqual([404, true]);
    }
  });

  it('are followed each by its own viewers', async () => {
    const seen: Record<string, (string | number | null)[]> = { '/': [], '/204817': [], '/204817/dinner': [] };
    for (const [at, shown] of Object.entries(seen)) {
      view({ query: { at } }).on('results', ({ poll, total }: Results) => shown.push(`${poll} ${total}`));
    }
    await vi.waitFor(() => expect(Object.values(seen).every(({ length }) => length === 1)).toBe(true), {
      timeout: 10_000,
    });
    fake.set({ a: 5 }, 'lunch');
    await vi.waitFor(() => expect(seen['/204817']).toEqual(['lunch 1', 'lunch 5']), { timeout: 10_000 });
    putOn('dinner', 3);
    await vi.waitFor(() => expect(seen['/204817']?.at(-1)).toBe('dinner 2'), { timeout: 10_000 });
    fake.set({ b: 3 }, 'dinner');
    await vi.waitFor(() => expect(seen['/204817/dinner']).toEqual(['dinner 2', 'dinner 3']), {
      timeout: 10_000,
    });
    putOn(undefined, 4);
    await vi.waitFor(() => expect(seen['/204817']?.at(-1)).toBe('null 0'), { timeout: 10_000 });
    expect(seen['/']).toEqual(['main 0']);
  });

  it('are read only while somebody looks at them, and all in one reading', async () => {
    await current();
    expect(new Set(fake.asked.flat())).toEqual(new Set(['main']));
    await Promise.all(['/204817', '/204817/dinner'].map(json));
    await vi.waitFor(() => expect(fake.asked.at(-1)?.toSorted()).toEqual(['dinner', 'lunch', 'main']), {
      timeout: 10_000,
    });
    vi.useFakeTimers({ toFake: ['performance'], now: performance.now() + 61_000 });
    try {
      fake.asked.length = 0;
      await vi.waitFor(() => expect(fake.asked.at(-1)).toEqual([]), { timeout: 10_000 });
    } finally {
      vi.useRealTimers();
    }
    expect(await json('/204817')).toMatchObject({ poll: 'lunch', total: 1 });
  });

  it('show no votes that are hidden, to nobody in any way, but how many have voted', async () => {
    const revealed = { ...lunch, visibility: 'closed', revision: 2 } as const;
    fake.define(definitionOfPoll(revealed));
    fake.set({ a: 31_313, b: 11_717 }, 'lunch');
    const received: unknown[] = [];
    const viewer = view({ query: { at: '/204817' } });
    viewer.onAny((...event) => received.push(event));
    await vi.waitFor(() => expect(JSON.stringify(received)).toContain('"total":43030'), { timeout: 10_000 });
    await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(3), { timeout: 10_000 });
    fake.set({ a: 31_314, b: 11_717 }, 'lunch');
    await vi.waitFor(() => expect(JSON.stringify(received)).toContain('"total":43031'), { timeout: 10_000 });
    const pages = await Promise.all(
      ['/204817', '/204817?present', '/204817?embed', '/api/results/204817', '/api/results/204817/lunch'].map(
        async (path) => (await fetch(address + path)).text(),
      ),
    );
    for (const text of [JSON.stringify(received), ...pages]) {
      expect(text).toMatch(/43,?031/);
      expect(text).not.toMatch(/31,?31[34]|11,?717/);
      expect(text).not.toContain('scores');
    }
    fake.define(definitionOfPoll({ ...revealed, state: 'closed', revision: 3 }));
    await vi.waitFor(() => expect(JSON.stringify(received)).toContain('"votes":31314'), { timeout: 10_000 });
    expect(JSON.stringify(received)).toContain('scores');
  });

  it('say when they are closing, final and opened again', async () => {
    const seen: string[] = [];
    view({ query: { at: '/204817' } }).on('results', ({ stage, reopened }: Results) =>
      seen.push(reopened ? `${stage} again` : stage),
    );
    await vi.waitFor(() => expect(seen).toEqual(['open']), { timeout: 10_000 });
    const closed = { ...lunch, state: 'closed', revision: 2 } as const;
    for (const next of [
      closed,
      { ...closed, final: true, revision: 3 },
      { ...lunch, openings: 2, revision: 4 },
    ]) {
      const { length } = seen;
      fake.define(definitionOfPoll(next));
      await vi.waitFor(() => expect(seen.length).toBeGreaterThan(length), { timeout: 10_000 });
    }
    expect(seen).toEqual(['open', 'closing', 'final', 'open again']);
  });

  it('that are not there are not kept in mind, however many are asked for', async () => {
    await Promise.all([current(), json('/204817')]);
    for (let n = 0; n < 200; n++) {
      await expect(feed.at({ room: `room-${n}`, poll: undefined })).rejects.toMatchObject({
        code: 'room_unknown',
      });
      await expect(feed.at({ room: hall.id, poll: `poll-${n}` })).rejects.toMatchObject({
        code: 'poll_unknown',
      });
    }
    expect(await registry.getSingleMetricAsString('result_places')).toContain('result_places 2');
  });

  it('are not shown while they are drafts', async () => {
    fake.define(definitionOfPoll({ ...lunch, state: 'draft', revision: 2 }));
    await vi.waitFor(async () => expect(await json('/204817')).toMatchObject({ poll: null }), {
      timeout: 10_000,
    });
    expect((await fetch(`${address}/204817/lunch`)).status).toBe(404);
  });
});

describe('the result service', () => {
  it('answers with JSON that any page may read', async () => {
    fake.set({ a: 1 });
    await vi.waitFor(async () => expect((await current()).total).toBe(1), { timeout: 10_000 });
    const answer = await fetch(`${address}/api/results`);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(votesOf((await answer.json()) as Results)).toEqual({ a: 1, b: 0 });
  });

  it('renders the page with what it knows', async () => {
    fake.set({ a: 3, b: 1 });
    await vi.waitFor(async () => expect((await current()).total).toBe(4), { timeout: 10_000 });
    const page = await (await fetch(address)).text();
    expect(page).toContain('75%');
    expect(page).toMatch(/Ahead: .*Cats/);
    expect(page).toContain('4 votes in total');
    expect(page).toContain('data-kind="live"');
  });

  it.each(['/nothing.html', '/api', '/api/results/x/y/z', '/api/resultsx'])(
    'answers 404 for %s',
    async (path) => {
      const answer = await fetch(address + path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } });
    },
  );

  it('answers 404 for other methods, and stays', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await fetch(address, { method, body: 'x' })).status).toBe(404);
    }
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
  });
});
