import { once } from 'node:events';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { VotingError } from '@voting/core';
import { createLog, listen, securityHeaders } from '@voting/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenApiDocument } from '../src/openapi.ts';
import { createHostServer } from '../src/server.ts';
import { createDescribed } from './described.ts';
import { type OpenHosting, openHosting } from './open-hosting.ts';

const anna = { name: 'anna', key: 'the key of anna, which is long'.replaceAll(' ', '.') };
const ben = { name: 'ben', key: 'another-key-that-is-of-ben-alone' };
const lunch = { question: 'Lunch?', options: ['Soup', 'Salad'] };

let opened: OpenHosting;
let address: string;
let check: ReturnType<typeof createDescribed>;
let close: () => Promise<unknown>;
const logged = vi.fn();
const answered = vi.fn();
let document: OpenApiDocument;

beforeEach(async () => {
  logged.mockClear();
  opened = await openHosting();
  await start();
});
afterEach(async () => {
  vi.useRealTimers();
  await close();
  await opened.close();
});

async function start(keys = [anna, ben]): Promise<void> {
  const log = createLog('test', 'silent');
  log.info = logged;
  const server = createHostServer(
    { keys, trustProxy: '127.0.0.1,::1' },
    { hosting: opened, answered, log, troubles: opened.troubles },
  );
  address = `http://127.0.0.1:${await listen(server, 0, 'PORT')}`;
  close = () => server.close();
  document = (await (await fetch(`${address}/api/openapi.json`)).json()) as OpenApiDocument;
  check = createDescribed(document);
}

interface Sent {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly key?: string | null;
  readonly etag?: string | null;
}

/** Sends a request as a program of Anna's, and checks the answer against the document. */
async function send(method: string, path: string, { body, headers, key = anna.key, etag }: Sent = {}) {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(typeof etag === 'string' && { 'if-match': etag }),
      ...headers,
    },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: what it is the document says
  const json: any = answer === '' ? undefined : JSON.parse(answer);
  const template = path.replace(/\/rooms\/[^/]+/, '/rooms/{room}').replace(/\/polls\/[^/]+/, '/polls/{poll}');
  if (document.paths[template]?.[method.toLowerCase()] !== undefined)
    check({
      method,
      path,
      status: response.status,
      contentType: response.headers.get('content-type'),
      body: json,
    });
  return { status: response.status, headers: response.headers, json, etag: response.headers.get('etag') };
}

async function addPoll(room = 'main') {
  const { json, etag } = await send('POST', `/api/rooms/${room}/polls`, { body: lunch });
  return { id: json.id as string, path: `/api/rooms/${room}/polls/${json.id}`, etag: etag as string };
}

async function signIn(key = anna.key, headers: Record<string, string> = {}): Promise<string> {
  const { status, headers: answer } = await send('POST', '/api/session', {
    key: null,
    body: { key },
    headers,
  });
  expect(status).toBe(204);
  return (answer.getSetCookie()[0] ?? '').split(';')[0] as string;
}

const withCookie = (cookie: string, headers: Record<string, string> = {}): Sent => ({
  key: null,
  headers: { cookie, ...headers },
});

describe('rooms over HTTP', () => {
  it('are made, read, changed and removed', async () => {
    const made = await send('POST', '/api/rooms', { body: { title: 'The hall' } });
    expect(made).toMatchObject({ status: 201, etag: '"1"' });
    const path = made.headers.get('location') as string;
    expect(path).toBe(`/api/rooms/${made.json.id}`);
    expect(made.json).toEqual({
      id: expect.stringMatching(/^\d{6}$/),
      title: 'The hall',
      on: null,
      revision: 1,
    });

    expect((await send('GET', '/api/rooms')).json.rooms).toContainEqual(made.json);
    const read = await send('GET', path);
    expect(read).toMatchObject({ status: 200, json: made.json, etag: made.etag });
    expect(read.headers.get('cache-control')).toBe('no-store');

    const changed = await send('PATCH', path, { body: { title: 'Tonight' }, etag: read.etag });
    expect(changed).toMatchObject({ status: 200, etag: '"2"', json: { title: 'Tonight', revision: 2 } });
    expect(await send('DELETE', path, { etag: changed.etag })).toMatchObject({
      status: 204,
      json: undefined,
    });
    expect(await send('GET', path)).toMatchObject({ status: 404, json: { code: 'room_unknown' } });
  });

  it('may be named, once', async () => {
    const named = { id: 'tonight', title: 'Tonight' };
    expect(await send('POST', '/api/rooms', { body: named })).toMatchObject({ status: 201, json: named });
    const again = await send('POST', '/api/rooms', { body: named });
    expect(again).toMatchObject({ status: 409, json: { code: 'room_taken', title: 'Conflict' } });
  });

  it('have on what is put on', async () => {
    const { id } = await addPoll();
    const on = async (on: unknown) => send('PATCH', '/api/rooms/main', { body: { on }, etag: '*' });
    expect((await on(id)).json.on).toBe(id);
    expect((await on(null)).json.on).toBeNull();
    expect(await on('none')).toMatchObject({ status: 404, json: { code: 'poll_unknown' } });
  });

  it('stay while they have polls', async () => {
    await addPoll();
    expect(await send('DELETE', '/api/rooms/main', { etag: '*' })).toMatchObject({
      status: 409,
      json: { code: 'room_in_use' },
    });
  });
});

describe('polls over HTTP', () => {
  it('are added, read, changed and removed', async () => {
    const closesAt = '2033-05-18T03:33:20.000Z';
    const added = await send('POST', '/api/rooms/main/polls', {
      body: { ...lunch, visibility: 'closed', closesAt },
    });
    expect(added.status).toBe(201);
    const path = added.headers.get('location') as string;
    expect(path).toBe(`/api/rooms/main/polls/${added.json.id}`);
    expect(added.json).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{8}$/),
      room: 'main',
      question: 'Lunch?',
      options: [
        { id: 'a', label: 'Soup' },
        { id: 'b', label: 'Salad' },
      ],
      place: 0,
      visibility: 'closed',
      shown: false,
      state: 'draft',
      openings: 0,
      final: false,
      opensAt: null,
      closesAt,
      revision: 1,
    });
    expect((await send('GET', '/api/rooms/main/polls')).json).toEqual({ polls: [added.json] });
    expect(await send('GET', path)).toMatchObject({ status: 200, json: added.json, etag: added.etag });

    const body = { question: 'Dinner?', options: ['Rice', 'Fish', 'Beans'], place: 3, closesAt: null };
    const changed = await send('PATCH', path, { body, etag: added.etag });
    expect(changed).toMatchObject({ etag: '"2"', json: { question: 'Dinner?', place: 3, closesAt: null } });
    expect(await send('DELETE', path, { etag: changed.etag })).toMatchObject({ status: 204 });
    expect(await send('GET', path)).toMatchObject({ status: 404, json: { code: 'poll_unknown' } });
    expect(await send('GET', '/api/rooms/none/polls')).toMatchObject({ status: 404 });
    expect(await send('POST', '/api/rooms/none/polls', { body: lunch })).toMatchObject({ status: 404 });
  });

  it('open, close and reopen, with a body or without', async () => {
    const { path, id, etag } = await addPoll();
    const open = await send('POST', `${path}/open`, { etag });
    expect(open).toMatchObject({ status: 200, json: { state: 'open', openings: 1, shown: true } });
    expect((await send('GET', '/api/rooms/main')).json.on).toBe(id);
    await send('PATCH', '/api/rooms/main', { body: { on: null }, etag: '*' });
    expect(await send('POST', `${path}/close`, { etag: open.etag })).toMatchObject({
      json: { state: 'closed' },
    });
    expect(await send('POST', `${path}/reopen`, { body: { show: false } })).toMatchObject({
      json: { state: 'open', openings: 2 },
    });
    expect((await send('GET', '/api/rooms/main')).json.on).toBeNull();
    expect(await send('POST', `${path}/reopen`)).toMatchObject({ status: 409, json: { code: 'poll_state' } });
    expect(await send('POST', `${path}/open`, { body: {} })).toMatchObject({ status: 409 });
    expect(await send('POST', `${path}/open`, { body: { show: 1 } })).toMatchObject({
      status: 422,
      json: { errors: [{ path: 'show', code: 'malformed' }] },
    });
  });

  it('show the host how they stand, also when nobody else may see it', async () => {
    const { path, id } = await addPoll();
    await send('PATCH', path, { body: { visibility: 'host' }, etag: '*' });
    await send('POST', `${path}/open`);
    await opened.store.record([{ poll: id, voter: 'v'.repeat(22), option: 'b', sequence: 7n }], 0);
    const { json } = await send('GET', `${path}/results`);
    expect(json).toEqual({
      poll: id,
      question: 'Lunch?',
      options: [
        { id: 'a', label: 'Soup', votes: 0 },
        { id: 'b', label: 'Salad', votes: 1 },
      ],
      total: 1,
      state: 'open',
      final: false,
      revision: 3,
    });
  });

  it('keep their texts once they were opened, and say which', async () => {
    const { path } = await addPoll();
    await send('POST', `${path}/open`);
    const body = { options: ['Salad', 'Soup'] };
    expect(await send('PATCH', path, { body, etag: '*' })).toMatchObject({
      status: 409,
      json: { code: 'poll_locked', errors: [{ path: 'options/0', code: 'locked' }] },
    });
  });

  it('do not close while the queue does not answer', async () => {
    const { path } = await addPoll();
    await send('POST', `${path}/open`);
    opened.setQueue(false);
    const refused = await send('POST', `${path}/close`);
    expect(refused).toMatchObject({ status: 503, json: { code: 'queue_unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await send('GET', path)).json.state).toBe('open');
  });
});

describe('a revision', () => {
  it('has to be named by whoever changes or removes something', async () => {
    const { path } = await addPoll();
    for (const [method, at, body] of [
      ['PATCH', path, {}],
      ['DELETE', path, undefined],
      ['PATCH', '/api/rooms/main', {}],
      ['DELETE', '/api/rooms/main', undefined],
    ] as const)
      expect(await send(method, at, { body }), `${method} ${at}`).toMatchObject({
        status: 428,
        json: { code: 'revision_missing', title: 'Precondition Required' },
      });
  });

  it('that is gone is refused with the one that is there', async () => {
    const { path, etag } = await addPoll();
    await send('PATCH', path, { body: { place: 2 }, etag });
    const requests = [
      ['PATCH', '', { place: 1 }],
      ['DELETE', ''],
      ['POST', '/open'],
      ['POST', '/close'],
      ['POST', '/reopen'],
    ] as const;
    for (const stale of [etag, '"7"', 'W/"2"', '"1", "2"', '2', 'x'])
      for (const [method, at, body] of requests)
        expect(
          await send(method, `${path}${at}`, { body, etag: stale }),
          `${method} ${at} ${stale}`,
        ).toMatchObject({
          status: 412,
          etag: '"2"',
          json: { code: 'changed_meanwhile' },
        });
    expect((await send('GET', path)).etag).toBe('"2"');
    const room = await send('PATCH', '/api/rooms/main', { body: { title: 'A' }, etag: '"9"' });
    expect(room).toMatchObject({ status: 412, etag: (await send('GET', '/api/rooms/main')).etag });
  });
});

describe('what is sent', () => {
  it.each([
    [undefined, [{ path: '', code: 'missing' }]],
    [[], [{ path: '', code: 'malformed' }]],
    [
      { question: 7, extra: 1 },
      [
        { path: 'question', code: 'malformed' },
        { path: 'options', code: 'missing' },
        { path: 'extra', code: 'unknown' },
      ],
    ],
    [{ ...lunch, options: ['A', 7] }, [{ path: 'options/1', code: 'malformed' }]],
    [{ ...lunch, options: ['A', 'A'] }, [{ path: 'options/1', code: 'repeated', twin: 'options/0' }]],
    [{ ...lunch, options: ['A'] }, [{ path: 'options', code: 'too_few', bound: 2 }]],
    [{ ...lunch, question: 'x\u0000' }, [{ path: 'question', code: 'control_character' }]],
    [{ ...lunch, closesAt: '2026-01-01 20:00' }, [{ path: 'closesAt', code: 'malformed' }]],
    [{ ...lunch, closesAt: '2026-02-30T20:00:00Z' }, [{ path: 'closesAt', code: 'malformed' }]],
    [{ ...lunch, visibility: 'all' }, [{ path: 'visibility', code: 'malformed' }]],
    ['{"__proto__":{},"question":"Lunch?","options":["A","B"]}', [{ path: '__proto__', code: 'unknown' }]],
  ])('is refused with the place of each fault: %j', async (body, errors) => {
    const refused = await send('POST', '/api/rooms/main/polls', { body });
    expect(refused).toMatchObject({
      status: 422,
      json: {
        type: 'about:blank',
        title: 'Unprocessable Entity',
        status: 422,
        detail: expect.any(String),
        code: 'content_invalid',
        errors,
      },
    });
    expect(refused.json.errors).toHaveLength(errors.length);
  });

  it('has to be JSON of a sensible size', async () => {
    expect(await send('POST', '/api/rooms', { body: '{"title":' })).toMatchObject({
      status: 400,
      json: { code: 'body_malformed' },
    });
    const headers = { 'content-type': 'text/plain' };
    expect(await send('POST', '/api/rooms', { body: 'title', headers })).toMatchObject({
      status: 415,
      json: { code: 'media_type_unsupported' },
    });
    expect(await send('POST', '/api/rooms', { body: { title: 'x'.repeat(70_000) } })).toMatchObject({
      status: 413,
      json: { code: 'body_too_large' },
    });
  });

  it('to an address that is none, or in another way, is refused as any other problem', async () => {
    const nowhere = await send('GET', '/api/nowhere');
    expect(nowhere).toMatchObject({ status: 404, json: { code: 'not_found' } });
    expect(nowhere.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    const put = await fetch(`${address}/api/rooms/main`, { method: 'PUT', body: '{}' });
    expect(put.status).toBe(405);
    expect(put.headers.get('allow')).toBe('GET, PATCH, DELETE, HEAD');
    expect(await put.json()).toMatchObject({ code: 'method_not_allowed' });
    for (const odd of ['%00', 'x'.repeat(150), '%F0%9F%98%80'])
      for (const path of [`/api/rooms/${odd}`, `/api/rooms/${odd}/polls`, `/api/rooms/main/polls/${odd}`])
        expect((await send('GET', path)).status, path).toBe(404);
  });

  it('is never our own fault, whatever it is', async () => {
    const { id } = await addPoll();
    const odd = ['', '\u0000', '\ud800', '"', '%', 'ü'.repeat(400), id, 'main'];
    const values = [...odd, null, true, -1, 1e300, [], [[]], {}, { id }, [...odd, ...odd]];
    const fields = [
      'id',
      'title',
      'on',
      'question',
      'options',
      'visibility',
      'opensAt',
      'place',
      'show',
      'key',
    ];
    const bodies = values.flatMap((value) => [
      value,
      ...fields.map((field) => ({ ...lunch, [field]: value })),
    ]);
    const paths = ['', '/main', '/main/polls', `/main/polls/${id}`, `/main/polls/${id}/open`];
    for (const [n, body] of bodies.entries()) {
      const path = `/api/rooms${paths[n % paths.length]}`;
      for (const method of ['POST', 'PATCH']) {
        const { status, json } = await send(method, path, { body, etag: '*' });
        expect(status, `${method} ${path} ${JSON.stringify(body)} ${JSON.stringify(json)}`).toBeLessThan(500);
      }
    }
  });
});

describe('who may', () => {
  const everything = Object.entries({
    '/api/rooms': ['GET', 'POST'],
    '/api/rooms/main': ['GET', 'PATCH', 'DELETE'],
    '/api/rooms/main/polls': ['GET', 'POST'],
    '/api/rooms/main/polls/none': ['GET', 'PATCH', 'DELETE'],
    '/api/rooms/main/polls/none/open': ['POST'],
    '/api/rooms/main/polls/none/close': ['POST'],
    '/api/rooms/main/polls/none/reopen': ['POST'],
    '/api/rooms/main/polls/none/results': ['GET'],
  }).flatMap(([path, methods]) => methods.map((method) => [method, path] as const));

  it('is in this test for everything that there is', () => {
    const described = Object.values(document.paths).flatMap((path) => Object.keys(path));
    // beside them the session
    expect(everything).toHaveLength(described.length - 2);
  });

  it.each(everything)('is only a host: %s %s', async (method, path) => {
    const refused = await send(method, path, { key: null });
    expect(refused).toMatchObject({ status: 401, json: { code: 'not_signed_in' } });
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    const wrong = await send(method, path, { key: 'x'.repeat(30), headers: { cookie: await signIn() } });
    expect(wrong).toMatchObject({ status: 401, json: { code: 'key_wrong' } });
  });

  it('is told by a session, which a key begins', async () => {
    const { headers } = await send('POST', '/api/session', { key: null, body: { key: ben.key } });
    const [cookie = ''] = headers.getSetCookie();
    expect(cookie).toMatch(
      /^host_session=ben\.\d+\.[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    const session = withCookie(cookie.split(';')[0] as string);
    expect(await send('GET', '/api/rooms', session)).toMatchObject({ status: 200 });
    expect(await send('POST', '/api/rooms', { ...session, body: { title: 'Ben’s' } })).toMatchObject({
      status: 201,
    });
    expect(logged).toHaveBeenCalledWith({ by: 'ben', room: expect.any(String) }, 'room made');
  });

  it('is told only by a whole session that is not over', async () => {
    const cookie = await signIn();
    const [, name, expiry, signature] = /=([^.]+)\.([^.]+)\.(.+)$/.exec(cookie) as RegExpExecArray;
    for (const forged of [
      `ben.${expiry}.${signature}`,
      `nobody.${expiry}.${signature}`,
      `${name}.${Number(expiry) + 1}.${signature}`,
      `${name}.${expiry}.${'A'.repeat(43)}`,
      `${name}.${expiry}.`,
      `${name}.${expiry}`,
    ])
      expect((await send('GET', '/api/rooms', withCookie(`host_session=${forged}`))).status, forged).toBe(
        401,
      );
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 12 * 3_600_000 - 5_000 });
    expect((await send('GET', '/api/rooms', withCookie(cookie))).status).toBe(200);
    vi.setSystemTime(Date.now() + 10_000);
    expect((await send('GET', '/api/rooms', withCookie(cookie))).status).toBe(401);
  });

  it('ends with the key', async () => {
    const cookie = await signIn();
    await close();
    await start([ben, { name: 'anna', key: 'a-new-key-of-anna-is-as-long' }]);
    expect((await send('GET', '/api/rooms', withCookie(cookie))).status).toBe(401);
  });

  it('is forgotten by the browser on signing out', async () => {
    const { headers, status } = await send('DELETE', '/api/session', withCookie(await signIn()));
    expect(status).toBe(204);
    expect(headers.getSetCookie()).toEqual(['host_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict']);
  });

  it('has a cookie for encrypted connections only behind TLS', async () => {
    const { headers } = await send('POST', '/api/session', {
      key: null,
      body: { key: anna.key },
      headers: { 'x-forwarded-proto': 'https' },
    });
    expect(headers.getSetCookie()[0]).toMatch(/; Secure$/);
  });

  it('is not told by coming from this machine', async () => {
    const refused = await send('GET', '/api/rooms', {
      key: null,
      headers: { 'x-forwarded-for': '127.0.0.1' },
    });
    expect(refused.status).toBe(401);
  });
});

describe('wrong keys', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });

  it('are ten a minute for an address; from then on none is looked at', async () => {
    const guess = (headers: Record<string, string>, key: string) =>
      send('GET', '/api/rooms', { key, headers });
    for (let n = 0; n < 10; n++) expect((await guess(from('192.0.2.1'), `wrong-${n}`)).status).toBe(401);
    const refused = await guess(from('192.0.2.1'), anna.key);
    expect(refused).toMatchObject({ status: 429, json: { code: 'too_many_keys' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    const signingIn = await send('POST', '/api/session', {
      key: null,
      body: { key: anna.key },
      headers: from('192.0.2.1'),
    });
    expect(signingIn.status).toBe(429);
    expect((await guess(from('192.0.2.2'), anna.key)).status).toBe(200);
  });

  it('hold up nobody who is signed in', async () => {
    const cookie = await signIn(anna.key, from('192.0.2.1'));
    for (let n = 0; n < 11; n++)
      await send('POST', '/api/session', { key: null, body: { key: 'wrong' }, headers: from('192.0.2.1') });
    expect((await send('GET', '/api/rooms', withCookie(cookie, from('192.0.2.1')))).status).toBe(200);
  });

  it('are not right ones', async () => {
    for (let n = 0; n < 30; n++) expect((await send('GET', '/api/rooms')).status).toBe(200);
  });
});

describe('another site', () => {
  /** `fetch` sets these headers itself. */
  async function asBrowser(method: string, path: string, headers: Record<string, string>): Promise<number> {
    const body = JSON.stringify({ title: 'Forged', key: anna.key });
    const request = plainRequest(new URL(path, address), {
      method,
      headers: { ...headers, 'content-length': body.length },
    });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode ?? 0;
  }

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
  ])('changes nothing with the session of a visitor: %j', async (said) => {
    const headers = { cookie: await signIn(), 'content-type': 'application/json', ...said };
    expect(await asBrowser('POST', '/api/rooms', headers)).toBe(403);
    expect(await asBrowser('DELETE', '/api/rooms/main', headers)).toBe(403);
    expect(await asBrowser('DELETE', '/api/session', headers)).toBe(403);
    expect(await asBrowser('POST', '/api/session', headers)).toBe(403);
  });

  it('is not our own page, nor a program with a key', async () => {
    const json = { 'content-type': 'application/json' };
    const cookie = await signIn();
    const { host } = new URL(address);
    const ours = { ...json, cookie, host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    expect(await asBrowser('POST', '/api/rooms', ours)).toBe(422);
    const authorization = `Bearer ${anna.key}`;
    expect(
      await asBrowser('POST', '/api/rooms', { ...json, authorization, origin: 'https://tool.example' }),
    ).toBe(422);
  });
});

describe('the service', () => {
  it('logs every change with who did what, and nothing else', async () => {
    const { path, id } = await addPoll();
    await send('GET', path);
    await send('POST', `${path}/open`);
    await send('POST', `${path}/open`);
    await send('PATCH', path, { body: { visibility: 'host' }, etag: '*', key: ben.key });
    await send('PATCH', '/api/rooms/main', { body: { title: 'Canteen' }, etag: '*' });
    await send('POST', `${path}/close`);
    await send('POST', `${path}/reopen`);
    await send('POST', `${path}/close`);
    await opened.store.settle(id, { opening: 2, counted: true });
    await send('DELETE', path, { etag: '*' });
    const about = { by: 'anna', room: 'main', poll: id };
    expect(logged.mock.calls.filter(([about]) => typeof about === 'object')).toEqual([
      [about, 'poll added'],
      [about, 'poll opened'],
      [{ ...about, by: 'ben' }, 'poll changed'],
      [{ by: 'anna', room: 'main' }, 'room changed'],
      [about, 'poll closed'],
      [about, 'poll reopened'],
      [about, 'poll closed'],
      [about, 'poll removed'],
    ]);
  });

  it('sends the headers of every page, and counts what it answers', async () => {
    const { headers } = await send('GET', '/api/rooms');
    for (const [name, value] of Object.entries(securityHeaders)) expect(headers.get(name)).toBe(value);
    expect(answered).toHaveBeenCalledWith('GET', 200, expect.any(Number));
  });

  it('says that the store does not answer', async () => {
    const rooms = vi.spyOn(opened.rooms, 'all');
    rooms.mockRejectedValue(new VotingError('store_unavailable', { detail: 'secret' }));
    await close();
    await start();
    const refused = await send('GET', '/api/rooms');
    expect(refused).toMatchObject({ status: 503, json: { code: 'store_unavailable' } });
    expect(refused.json.detail).not.toContain('secret');
    rooms.mockRejectedValue(new Error('a defect'));
    expect(await send('GET', '/api/rooms')).toMatchObject({ status: 500, json: { code: 'unexpected' } });
    expect(opened.troubles).toHaveBeenCalledWith('unexpected', expect.any(Error));
  });

  it('is described to people, without script, for everything that it does', async () => {
    const page = await fetch(address);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    expect(html).not.toMatch(/<script|style="|undefined/);
    for (const path of Object.keys(document.paths)) expect(html).toContain(`<code>${path}</code>`);
    for (const name of Object.keys(document.components.schemas)) expect(html).toContain(`id="${name}"`);
    const [, style = ''] = /href="([^"]+api\.css)"/.exec(html) ?? [];
    expect((await fetch(`${address}${style}`)).status).toBe(200);
  });
});
