import type { Vote } from '@voting/core';
import { definitionsOf, directoryOf, openPoll } from '@voting/core/testing';
import { createLog, createRegistry, type Server } from '@voting/runtime';
import { createVoteMetrics, createVoteServer } from '@voting/vote';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let server: Server;
let address: string;
let votes: Vote[];

beforeEach(async () => {
  votes = [];
  const queue = {
    async append(vote: Vote) {
      votes.push(vote);
    },
    async close() {},
  };
  server = createVoteServer(
    {
      voterSecrets: ['a secret of the tests'],
      resultUrl: undefined,
      votesPerMinute: undefined,
      newVotersPerHour: 3,
      trustProxy: '127.0.0.1',
    },
    {
      queue,
      directory: directoryOf(definitionsOf([openPoll()])),
      metrics: createVoteMetrics(createRegistry()),
      log: createLog('test', 'silent'),
    },
  );
  address = await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => server.close());

async function visit(from: string): Promise<string | undefined> {
  const answer = await fetch(address, { headers: { 'x-forwarded-for': from } });
  expect(answer.status).toBe(200);
  return answer.headers.getSetCookie()[0]?.split(';')[0];
}

function cast(from: string, cookie = '') {
  return fetch(address, {
    method: 'POST',
    body: new URLSearchParams({ vote: 'a' }),
    headers: { 'x-forwarded-for': from, cookie, accept: 'application/json' },
  });
}

describe('more new voters from one address than are allowed', () => {
  it('are told when to come back, and others are not', async () => {
    for (let n = 0; n < 3; n++) expect((await cast('192.0.2.7')).status).toBe(202);
    const refused = await cast('192.0.2.7');
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { code: 'too_many_voters' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(refused.headers.getSetCookie()).toEqual([]);
    expect((await cast('192.0.2.8')).status).toBe(202);
    expect(votes).toHaveLength(4);
  });

  it('cannot collect identities from the page first', async () => {
    const cookies = [];
    for (let n = 0; n < 5; n++) cookies.push(await visit('192.0.2.7'));
    expect(cookies.map((cookie) => cookie !== undefined)).toEqual([true, true, true, false, false]);
    expect((await cast('192.0.2.7')).status).toBe(429);
  });

  it('do not keep those who are known from changing their vote', async () => {
    const cookie = await visit('192.0.2.7');
    for (let n = 0; n < 4; n++) await visit('192.0.2.7');
    for (let n = 0; n < 10; n++) expect((await cast('192.0.2.7', cookie)).status).toBe(202);
    expect(new Set(votes.map(({ voter }) => voter)).size).toBe(1);
  });

  it('are one address as long as they share an IPv6 network', async () => {
    for (let n = 0; n < 3; n++) expect((await cast(`2001:db8:1:2::${n}`)).status).toBe(202);
    expect((await cast('2001:db8:1:2:9:9:9:9')).status).toBe(429);
    expect((await cast('2001:db8:1:3::1')).status).toBe(202);
  });
});
