import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mainRoom } from '@voting/core';
import { openPoll } from '@voting/core/testing';
import { createResultMetrics, type Results, type ResultsFeed } from '@voting/result';
import { createRegistry } from '@voting/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exchange, statusesIn } from '../../tests/bad-input/wire.ts';
import { openWireViewer, type WireViewer } from '../../tests/viewer-wire.ts';
import { resultsOf } from '../src/results.ts';
import { attachViewers } from '../src/viewers.ts';

const poll = openPoll('main', 'Which?', ['Cats', 'Dogs']);
/** Long, so that few of them fill a line. */
const question = 'x'.repeat(20_000);

let http: Server;
let address: string;
let current: Results;
let change: (results: Results, tallyChanged: boolean) => void;
let viewers: ReturnType<typeof attachViewers>;
let registry: ReturnType<typeof createRegistry>;
const open: WireViewer[] = [];

function withVotes(votes: number): Results {
  const pipeline = { beatAge: 0, pending: 0, delay: 0 };
  const counted = { tally: { a: votes }, changedAt: new Date(0) };
  const results = resultsOf({ id: mainRoom, title: '' }, poll, counted, { pipeline, readAt: 0 }, 0);
  return { ...results, question };
}

function publish(votes: number): void {
  current = withVotes(votes);
  change(current, true);
}

beforeEach(async () => {
  current = withVotes(0);
  const feed: ResultsFeed = {
    at: async () => current,
    history: async () => ({ stepSeconds: 10, votes: [] }),
    follow(_, { results }) {
      change = results;
      return () => {};
    },
    stop: async () => {},
  };
  http = createServer();
  registry = createRegistry();
  viewers = attachViewers(
    http,
    { trustProxy: false, mostPollers: 100 },
    { feed, metrics: createResultMetrics(registry) },
  );
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const viewer of open.splice(0)) viewer.close();
  await viewers.close();
});

async function join(answersPings = true): Promise<WireViewer> {
  const viewer = await openWireViewer(address, answersPings);
  open.push(viewer);
  await vi.waitFor(() => expect(totals(viewer)).toHaveLength(1), { timeout: 10_000 });
  return viewer;
}

/** The totals that a viewer was shown, oldest first. */
function totals({ received }: WireViewer): number[] {
  return received
    .filter((packet) => packet.startsWith('42["results"'))
    .map((packet) => JSON.parse(packet.slice(2))[1].total);
}

async function viewersNow(): Promise<number | undefined> {
  const { values } = (await registry.getSingleMetric('result_viewers')?.get()) ?? { values: [] };
  return values[0]?.value;
}

/** Publishes so many updates as fast as they can be sent to whoever reads. */
async function publishMany(updates: number): Promise<void> {
  for (let n = 1; n <= updates; n++) {
    publish(n);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a viewer who reads nothing and answers pings', () => {
  const updates = 1_500;

  it('has no backlog: when it reads again, the newest is all that waits', { timeout: 60_000 }, async () => {
    const [deaf, attentive] = [await join(), await join()];
    deaf.turnDeaf();
    await publishMany(updates);
    await vi.waitFor(() => expect(totals(attentive).at(-1)).toBe(updates), { timeout: 10_000 });
    deaf.listen();
    await vi.waitFor(() => expect(totals(deaf).at(-1)).toBe(updates), { timeout: 10_000 });
    // what the system's own buffers took, and the newest
    expect(totals(deaf).length).toBeLessThan(updates / 2);
  });

  it('is sent away after some seconds, with its connection', { timeout: 60_000 }, async () => {
    const deaf = await join();
    deaf.turnDeaf();
    await publishMany(updates);
    // reading is the only way to learn of the end, so the server is asked
    const connections = () => new Promise((count) => http.getConnections((_error, n) => count(n)));
    expect(await connections()).toBe(1);
    await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 30_000, interval: 250 });
  });
});

describe('a viewer whose line is slow', () => {
  it('is sent nothing more until a ping has come through, and then the newest', {
    timeout: 60_000,
  }, async () => {
    const slow = await join(false);
    await vi.waitFor(() => expect(slow.received.at(-1)).toBe('2'), { timeout: 10_000 });
    const pinged = performance.now();
    let votes = 0;
    const publishing = setInterval(() => publish(++votes), 50);
    await vi.waitFor(() => expect(performance.now() - pinged).toBeGreaterThan(2_500), { timeout: 5_000 });
    clearInterval(publishing);
    expect(totals(slow).length).toBeGreaterThan(2);
    expect(totals(slow).at(-1)).toBeLessThan(votes);
    slow.send('3');
    await vi.waitFor(() => expect(totals(slow).at(-1)).toBe(votes), { timeout: 10_000 });
  });
});

describe('a viewer who talks', () => {
  it.each([
    ['sends events that nobody handles', () => '42["subscribe",{"channel":"x"}]'],
    ['answers pings that nobody sent', () => '3'],
    ['sends packets that mean nothing', () => '6'],
  ])('is hung up on when it %s, and others are not', async (_what, packet) => {
    const [talker, quiet] = [await join(), await join()];
    talker.send(packet());
    publish(1);
    await vi.waitFor(() => expect(totals(talker).at(-1)).toBe(1), { timeout: 10_000 });
    for (let n = 0; n < 100; n++) talker.send(packet());
    await vi.waitFor(() => expect(talker.socket.destroyed).toBe(true), { timeout: 5_000 });
    publish(2);
    await vi.waitFor(() => expect(totals(quiet).at(-1)).toBe(2), { timeout: 10_000 });
  });
});

describe('handshakes of viewers who poll', () => {
  const handshake = '/socket.io/?EIO=4&transport=polling';

  it('are bounded in number, and nobody who has joined suffers', { timeout: 60_000 }, async () => {
    const viewer = await join();
    const flood = `GET ${handshake} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(300);
    const ask = () => exchange(Number(new URL(address).port), flood, 'patiently');
    expect(new Set(statusesIn((await ask()).received))).toContain(200);
    const { received } = await ask();
    expect(statusesIn(received)).toContain(503);
    expect(received.toLowerCase()).toContain('retry-after: 2');
    expect(received).toContain('"code":"too_many_viewers"');
    expect(await viewersNow()).toBeLessThanOrEqual(101);
    publish(5);
    await vi.waitFor(() => expect(totals(viewer).at(-1)).toBe(5), { timeout: 10_000 });
    // those who come by WebSocket are not counted among them
    await join();
  });

  it('that are not followed are forgotten within seconds', { timeout: 30_000 }, async () => {
    await fetch(address + handshake);
    expect(await viewersNow()).toBe(1);
    await vi.waitFor(async () => expect(await viewersNow()).toBe(0), { timeout: 20_000, interval: 250 });
  });
});
