import { once } from 'node:events';
import { type IncomingMessage, request as openRequest, type RequestOptions } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  definePoll,
  definitionOfPoll,
  definitionOfRoom,
  type HostedPoll,
  type Vote,
  VotingError,
} from '@voting/core';
import { definitionsOf, directoryOf, openPoll } from '@voting/core/testing';
import { createLog, createRegistry, type Server } from '@voting/runtime';
import { createVoteMetrics, createVoteServer, type VoteConfig } from '@voting/vote';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editionsOf } from '../src/editions.ts';
import { createVoterCookies } from '../src/voter-cookie.ts';

const poll = openPoll();
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };

let server: Server;
let port: number;
let directory: ReturnType<typeof directoryOf>;
let votes: Vote[];
let failure: Error | undefined;
const registry = createRegistry();
const metrics = createVoteMetrics(registry);

async function open(changes: Partial<VoteConfig> = {}, polls: readonly HostedPoll[] = [poll]) {
  directory = directoryOf(definitionsOf(polls));
  votes = [];
  failure = undefined;
  const queue = {
    async append(vote: Vote) {
      if (failure !== undefined) throw failure;
      votes.push(vote);
    },
    async close() {},
  };
  const config: VoteConfig = {
    voterSecrets: ['a secret of the tests'],
    resultUrl: ':8081',
    votesPerMinute: undefined,
    newVotersPerHour: undefined,
    trustProxy: false,
    ...changes,
  };
  server = createVoteServer(config, { queue, directory, metrics, log: createLog('test', 'silent') });
  await server.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = server.server.address() as AddressInfo);
}

beforeEach(() => open());
afterEach(() => server.close());

/** Posts over a real connection, because votes are taken before the framework that `inject` asks. */
function post(payload: string | Buffer, headers: Record<string, string> = {}, path = '/') {
  return send({ method: 'POST', path, headers: { ...form, ...headers } }, payload);
}

/** Asks as a page does that wants to know whether it is still right. */
function ask(path = '/', seen?: string) {
  const headers = { accept: 'application/json', ...(seen !== undefined && { 'if-none-match': seen }) };
  return send({ method: 'GET', path, headers });
}

async function send(options: RequestOptions, payload?: string | Buffer) {
  const request = openRequest({ port, host: '127.0.0.1', ...options });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject).end(payload);
  });
  const body = await text(answer);
  return {
    statusCode: answer.statusCode,
    headers: answer.headers as Record<string, unknown>,
    body,
    json: () => JSON.parse(body),
  };
}

function cookies(answer: { headers: Record<string, unknown> }): string[] {
  return [answer.headers['set-cookie'] ?? []].flat().map((cookie) => String(cookie).split(';')[0] as string);
}

describe('a vote', () => {
  it('by form is stored and leads back to the page', async () => {
    const answer = await post('vote=a');
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/']);
    expect(votes).toEqual([{ poll: 'main', voter: expect.stringMatching(/^[\w-]{22}$/), option: 'a' }]);
  });

  it('by form is answered with JSON to whoever asks for it', async () => {
    const answer = await post('vote=b', { accept: 'application/json' });
    expect([answer.statusCode, answer.json()]).toEqual([202, { vote: 'b' }]);
  });

  it('by JSON is stored as well', async () => {
    const answer = await post('{"vote":"b"}', json);
    expect([answer.statusCode, answer.json()]).toEqual([202, { vote: 'b' }]);
    expect(votes).toHaveLength(1);
  });

  it('is answered only when the queue has it', async () => {
    failure = new VotingError('queue_unavailable');
    const answer = await post('vote=a', { accept: 'application/json' });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.json().error.code).toBe('queue_unavailable');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('that could not be stored brings the page back with the reason and the options', async () => {
    failure = new VotingError('queue_full');
    const answer = await post('vote=a');
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('Your vote was not counted');
    expect(answer.body).toContain('value="b"');
    expect(answer.body).toContain('aria-pressed="false"');
    expect(answer.body).not.toContain('aria-pressed="true"');
  });

  it.each([
    ['poll_closed', 409, 'closed'],
    ['poll_not_open', 409, 'not begun yet'],
    ['poll_unknown', 404, 'no such poll'],
  ] as const)(
    'that the gate of its poll refuses is answered with %s, and marks no choice',
    async (code, status, words) => {
      failure = new VotingError(code);
      const program = await post('vote=a', { accept: 'application/json' });
      expect([program.statusCode, program.json().error.code]).toEqual([status, code]);
      const person = await post('vote=a');
      expect(person.statusCode).toBe(status);
      expect(person.body).toContain(words);
      for (const { headers } of [program, person]) expect(headers['set-cookie']).toBeUndefined();
    },
  );
});

describe('the voter', () => {
  it('keeps one identity from the page over all votes', async () => {
    const page = await server.inject('/');
    const [voter] = cookies(page);
    for (const option of ['a', 'b']) await post(`vote=${option}`, { cookie: `theme=x; ${voter}` });
    expect(new Set(votes.map((vote) => vote.voter)).size).toBe(1);
    expect(voter).toContain(`voter_id=${votes[0]?.voter}.`);
  });

  it('sees the own choice marked', async () => {
    const answer = await post('vote=b');
    const page = await server.inject({ url: '/', headers: { cookie: cookies(answer).join('; ') } });
    expect(page.body).toMatch(/value="b"[^>]*aria-pressed="true"/);
    expect(page.body).toMatch(/value="a"[^>]*aria-pressed="false"/);
    expect(page.body).toContain('You voted for');
    expect(page.headers['set-cookie']).toBeUndefined();
  });

  it.each([
    ['unsigned', 'voter_id=AAAAAAAAAAAAAAAAAAAAAA'],
    ['forged', 'voter_id=AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA'],
    ['truncated', 'voter_id=AAAAAAAAAAAA'],
    ['huge', `voter_id=${'A'.repeat(8_000)}`],
    ['of the example voting app', 'voter_id=8d1b6a2f3c4e5f6a'],
    ['hostile', 'voter_id="; DROP TABLE votes'],
  ])('with an %s cookie is a new voter', async (_kind, cookie) => {
    const answer = await post('vote=a', { cookie });
    expect(answer.statusCode).toBe(303);
    expect(cookies(answer)[0]).toMatch(/^voter_id=[\w-]{22}\.[\w-]{22}$/);
    expect(votes[0]?.voter).not.toContain('AAAA');
  });

  it('is given a cookie that scripts and other sites cannot use, and that is secure behind TLS', async () => {
    const plain = await server.inject('/');
    expect(plain.headers['set-cookie']).toMatch(/; Max-Age=31536000; HttpOnly; SameSite=Lax$/);
    const tls = await server.inject({ url: '/', headers: { 'x-forwarded-proto': 'https' } });
    expect(tls.headers['set-cookie']).toMatch(/SameSite=Lax; Secure$/);
    const chain = await server.inject({ url: '/', headers: { 'x-forwarded-proto': 'https,https' } });
    expect(chain.headers['set-cookie']).toMatch(/SameSite=Lax; Secure$/);
  });

  it('stays the same while the signing key is rotated', () => {
    const before = createVoterCookies(['the old secret key'])(undefined, false);
    const cookie = before.setCookie?.split(';')[0];
    const rotating = createVoterCookies(['the new secret key', 'the old secret key']);
    const known = rotating(cookie, false);
    expect(known).toMatchObject({ id: before.id, isNew: false });
    // who came by while both were known is still known when the old one is not
    const onlyNew = createVoterCookies(['the new secret key']);
    const signedAnew = known.setCookie?.split(';')[0];
    expect(onlyNew(signedAnew, false)).toEqual({ id: before.id, isNew: false, setCookie: undefined });
    expect(onlyNew(cookie, false)).toMatchObject({ isNew: true });
  });
});

describe('a vote that names what its voter read', () => {
  const other = editionsOf(definePoll('main', 'Pizza or curry?', ['Pizza', 'Curry'])).current;
  const own = editionsOf(poll).current;

  it.each([
    ['form', (edition: string) => post(`vote=b&edition=${edition}`)],
    ['JSON', (edition: string) => post(JSON.stringify({ vote: 'b', edition }), json)],
  ])('in a %s is taken for that and for nothing else', async (_, cast) => {
    expect((await cast(other)).statusCode).toBe(409);
    expect((await cast('')).statusCode).toBe(409);
    expect(votes).toEqual([]);
    expect((await cast(own)).statusCode).toBeLessThan(400);
    expect(votes).toMatchObject([{ option: 'b' }]);
  });

  it('is told the question of now when it is refused', async () => {
    const page = await post(`vote=b&edition=${other}`);
    expect(page.body).toContain('Cats vs Dogs!');
    expect(page.body).toContain('data-code="poll_changed"');
    const program = await post(`vote=b&edition=${other}`, { accept: 'application/json' });
    expect(program.json()).toMatchObject({ error: { code: 'poll_changed' } });
  });

  it('leaves no mark on the page of another poll', async () => {
    const cookie = `voter_choice=${other}.b`;
    const page = await server.inject({ url: '/', headers: { cookie } });
    expect(page.body).not.toContain('aria-pressed="true"');
  });
});

describe('a room', () => {
  const hall = { id: '204817', title: 'The <hall>', on: undefined, revision: 1 };
  const lunch: HostedPoll = { ...openPoll('lunch', 'What shall we eat?', ['Pizza', 'Curry']), room: hall.id };
  const dinner: HostedPoll = { ...openPoll('dinner', 'And later?', ['Soup', 'Salad']), room: hall.id };

  beforeEach(() => {
    for (const one of [lunch, dinner]) directory.learn(definitionOfPoll(one));
    directory.learn(definitionOfRoom({ ...hall, on: 'lunch', revision: 2 }));
  });
  const putOn = (on: string | undefined, revision: number) =>
    directory.learn(definitionOfRoom({ ...hall, on, revision }));
  const change = (changes: Partial<HostedPoll>) =>
    directory.learn(definitionOfPoll({ ...lunch, revision: 2, ...changes }));
  const get = async (url: string) => (await server.inject(url)).body;

  it('has a page of its own, on which one votes in what is on there', async () => {
    const page = await get('/204817');
    expect(page).toContain('What shall we eat?');
    expect(page).toContain('The &lt;hall&gt;');
    expect(page).toContain('action="/204817"');
    const answer = await post('vote=b', {}, '/204817?lang=de');
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/204817?lang=de']);
    await post('{"vote":"a"}', json, '/204817/');
    expect(votes).toMatchObject([
      { poll: 'lunch', option: 'b' },
      { poll: 'lunch', option: 'a' },
    ]);
    expect(await get('/')).toContain('Cats vs Dogs!');
  });

  it('is itself at /, and under its name', async () => {
    expect(await get('/main')).toContain('action="/"');
  });

  it('has a page for each of its polls, whatever is on, and for no other', async () => {
    expect(await get('/204817/dinner')).toContain('And later?');
    await post('vote=b', {}, '/204817/dinner');
    expect(votes).toMatchObject([{ poll: 'dinner', option: 'b' }]);
    for (const url of ['/204817/main', '/main/dinner', '/204817/breakfast']) {
      const page = await server.inject(url);
      expect([page.statusCode, /data-code="\w+"/.exec(page.body)?.[0]]).toEqual([
        404,
        'data-code="poll_unknown"',
      ]);
      expect((await post('vote=a', {}, url)).statusCode).toBe(404);
    }
    expect(votes).toHaveLength(1);
  });

  it('counts a vote for the poll that its voter saw, although another is on now', async () => {
    const { current } = editionsOf(lunch);
    putOn('dinner', 3);
    await post(`vote=b&poll=lunch&edition=${current}`, {}, '/204817');
    expect(votes).toMatchObject([{ poll: 'lunch', option: 'b' }]);
    // that of no poll, of another room, or one whose edition is another's
    expect((await post(`vote=b&poll=breakfast&edition=${current}`, {}, '/204817')).statusCode).toBe(404);
    expect((await post('vote=b&poll=main', {}, '/204817')).statusCode).toBe(404);
    expect((await post(`vote=b&poll=dinner&edition=${current}`, {}, '/204817')).statusCode).toBe(409);
    expect(votes).toHaveLength(1);
  });

  it('marks the own choice in each poll', async () => {
    const [first] = await Promise.all([post('vote=b', {}, '/204817')]);
    const one = cookies(first).join('; ');
    const second = await post('vote=a', { cookie: one }, '/204817/dinner');
    const both = cookies(second).join('; ');
    const marked = async (url: string) =>
      /value="(\w)"[^>]*aria-pressed="true"/.exec(
        (await server.inject({ url, headers: { cookie: both } })).body,
      )?.[1];
    expect([await marked('/204817'), await marked('/204817/dinner'), await marked('/')]).toEqual([
      'b',
      'a',
      undefined,
    ]);
    const changed = await post('vote=a', { cookie: both }, '/204817');
    expect(cookies(changed).at(-1)).toMatch(/^voter_choice=[\w-]{16}\.a~[\w-]{16}\.a$/);
  });

  it('remembers as many choices as an evening has, and no more', async () => {
    let cookie = '';
    for (let n = 0; n < 40; n++) {
      directory.learn(definitionOfPoll({ ...lunch, id: `poll-${n}` }));
      const set = cookies(await post('vote=a', { cookie }, `/204817/poll-${n}`));
      cookie = set.find((one) => one.startsWith('voter_choice=')) ?? '';
    }
    expect(cookie.split('~')).toHaveLength(30);
    expect(cookie.length).toBeLessThan(1_000);
  });

  it('says calmly that nothing is on, and takes no vote then', async () => {
    putOn(undefined, 3);
    for (const page of [await get('/204817'), await get('/204817/')]) {
      expect(page).toContain('Nothing to vote on at the moment');
      expect(page).toContain('http-equiv="refresh"');
    }
    const answer = await post('vote=a', { accept: 'application/json' }, '/204817');
    expect([answer.statusCode, answer.json().error.code]).toEqual([409, 'poll_not_open']);
    // what its host has not opened yet is nobody's business
    change({ state: 'draft', openings: 0 });
    putOn('lunch', 4);
    expect(await get('/204817')).not.toContain('What shall we eat?');
    expect((await server.inject('/204817/lunch')).statusCode).toBe(404);
    expect((await post('vote=a', {}, '/204817/lunch')).statusCode).toBe(404);
  });

  it('shows what is closed or not open yet, with nothing to press, and what one chose', async () => {
    const cookie = cookies(await post('vote=b', {}, '/204817')).join('; ');
    change({ state: 'closed' });
    const closed = await server.inject({ url: '/204817', headers: { cookie } });
    expect(closed.body.match(/<button class="option"[^>]*disabled/g)).toHaveLength(2);
    expect(closed.body).toMatch(/value="b"[^>]*aria-pressed="true"/);
    expect(closed.body).toContain('The vote is closed. You voted for');
    change({ revision: 3, opensAt: Date.now() + 60_000 });
    expect(await get('/204817')).toContain('has not begun yet');
    directory.now = () => Date.now() + 61_000;
    expect(await get('/204817')).not.toContain('disabled');
  });

  it('that there is not is a 404 with a box for the right code', async () => {
    const page = await server.inject('/204818');
    expect([page.statusCode, /data-code="\w+"/.exec(page.body)?.[0]]).toEqual([
      404,
      'data-code="room_unknown"',
    ]);
    expect(page.body).toContain('name="join"');
    const answer = await post('vote=a', { accept: 'application/json' }, '/204818');
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'room_unknown']);
    expect(votes).toEqual([]);
  });

  it('is found by typing its code at /, when nothing is on there', async () => {
    expect(await get('/')).not.toContain('name="join"');
    directory.learn(definitionOfRoom({ id: 'main', title: '', on: undefined, revision: 2 }));
    expect(await get('/')).toContain('name="join"');
    const found = await server.inject('/?join=204%20817');
    expect([found.statusCode, found.headers.location]).toEqual([303, '/204817']);
    for (const code of ['//evil.example', '../x', 'api']) {
      const answer = await server.inject(`/?join=${encodeURIComponent(code)}`);
      expect([answer.statusCode, answer.body.includes('data-code="room_unknown"')]).toEqual([404, true]);
    }
  });
});

describe('a page that asks whether it is still right', () => {
  it('is answered with nothing while it is, and with what is on otherwise', async () => {
    const first = await ask();
    const seen = String(first.headers.etag);
    expect(first.json()).toEqual({
      room: 'main',
      poll: {
        id: 'main',
        question: 'Cats vs Dogs!',
        options: poll.options,
        edition: editionsOf(poll).current,
        state: 'open',
      },
    });
    const { body } = await server.inject('/');
    expect(body).toContain(`data-tag="${seen.slice(1, -1)}"`);
    const again = await ask('/', seen);
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', seen]);
    directory.learn(definitionOfPoll({ ...poll, state: 'closed', revision: 2 }));
    const closed = await ask('/', seen);
    expect([closed.statusCode, closed.json().poll.state]).toEqual([200, 'closed']);
    directory.learn(definitionOfRoom({ id: 'main', title: '', on: undefined, revision: 2 }));
    expect((await ask('/', seen)).json()).toEqual({ room: 'main', poll: null });
  });

  it('does not move when something changes that nobody sees', async () => {
    const seen = String((await ask()).headers.etag);
    directory.learn(definitionOfPoll({ ...poll, place: 7, visibility: 'host', revision: 2 }));
    expect((await ask('/', seen)).statusCode).toBe(304);
  });

  it('is told when there may be news that has not come through, and so is who opens it', async () => {
    directory.isCurrent = false;
    const answer = await ask();
    expect([answer.statusCode, answer.json().error.code]).toEqual([503, 'queue_unavailable']);
    expect((await server.inject('/')).body).toMatch(/id="behind" class="behind" role="status">/);
    directory.isCurrent = true;
    expect((await server.inject('/')).body).toMatch(/id="behind" class="behind" role="status" hidden>/);
  });
});

describe('a refusal', () => {
  it.each([
    ['an unknown option', 'vote=z', form, 400, 'option_unknown'],
    ['an empty option', 'vote=', form, 400, 'option_missing'],
    ['no option', '', form, 400, 'option_missing'],
    ['another field', 'choice=a', form, 400, 'option_missing'],
    ['a repeated option', 'vote=a&vote=b', form, 400, 'option_missing'],
    ['300 characters', `vote=${'a'.repeat(300)}`, form, 400, 'option_unknown'],
    ['a NUL byte', 'vote=a%00', form, 400, 'option_unknown'],
    ['an emoji', 'vote=%F0%9F%90%B1', form, 400, 'option_unknown'],
    ['the wrong case', 'vote=A', form, 400, 'option_unknown'],
    ['a malformed form', '%%%=&&&;;=', form, 400, 'option_missing'],
    ['invalid UTF-8', Buffer.from([0x76, 0x6f, 0x74, 0x65, 0x3d, 0xff, 0xfe]), form, 400, 'option_unknown'],
    ['malformed JSON', '{"vote":', json, 400, 'body_malformed'],
    ['empty JSON', '', json, 400, 'body_malformed'],
    ['a JSON list', '["a"]', json, 400, 'option_missing'],
    ['a JSON null', 'null', json, 400, 'option_missing'],
    ['a JSON number', '{"vote":1}', json, 400, 'option_missing'],
    ['a JSON option that is a list', '{"vote":["a"]}', json, 400, 'option_missing'],
    ['a poisoned prototype', '{"__proto__":{"vote":"a"}}', json, 400, 'option_missing'],
    ['plain text', 'vote=a', { 'content-type': 'text/plain' }, 415, 'media_type_unsupported'],
    ['XML', '<vote>a</vote>', { 'content-type': 'application/xml' }, 415, 'media_type_unsupported'],
    ['a nonsense type', 'vote=a', { 'content-type': ';;;' }, 415, 'media_type_unsupported'],
    ['a body over 1 KiB', `vote=a&x=${'x'.repeat(1_024)}`, form, 413, 'body_too_large'],
    [
      'another site (Sec-Fetch-Site)',
      'vote=a',
      { ...form, 'sec-fetch-site': 'cross-site' },
      403,
      'cross_site',
    ],
    ['a sibling site', 'vote=a', { ...form, 'sec-fetch-site': 'same-site' }, 403, 'cross_site'],
    ['another site (Origin)', 'vote=a', { ...form, origin: 'https://evil.example' }, 403, 'cross_site'],
    [
      'another port of ours (Origin)',
      'vote=a',
      { ...form, origin: 'http://x:81', host: 'x:80' },
      403,
      'cross_site',
    ],
    ['an opaque origin', 'vote=a', { ...form, origin: 'null' }, 403, 'cross_site'],
  ])('of %s has its code and stores nothing', async (_name, payload, headers, status, code) => {
    const answer = await post(payload, { ...headers, accept: 'application/json' });
    expect(answer.json()).toMatchObject({ error: { code, message: expect.stringMatching(/\.$/) } });
    expect(answer.statusCode).toBe(status);
    expect(votes).toEqual([]);
  });

  it('is not given to the page itself', async () => {
    const own: Record<string, string>[] = [
      { 'sec-fetch-site': 'same-origin', origin: `http://127.0.0.1:${port}` },
      { origin: 'http://localhost', host: 'localhost' },
      { origin: 'https://vote.example', host: 'vote.example' },
      { origin: 'http://vote.example', host: 'vote.example:80' },
      { origin: 'https://vote.example', host: 'vote.example:443' },
      { origin: 'https://vote.example', host: 'Vote.EXAMPLE' },
    ];
    for (const headers of own) expect((await post('vote=a', headers)).statusCode).toBe(303);
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)(
    'of the method %s names the ones that work',
    async (method) => {
      const answer = await server.inject({ method, url: '/', headers: { accept: 'application/json' } });
      expect([answer.statusCode, answer.json().error.code]).toEqual([405, 'method_not_allowed']);
      expect(answer.headers.allow).toBe('GET, HEAD, POST');
    },
  );

  it.each(['/nothing.html', '/../../etc.passwd', '/a/b/c', '/Main', '/assets/x/../../secret.txt', '/%00'])(
    'of the path %s is a 404',
    async (url) => {
      const answer = await server.inject({ url, headers: { accept: 'application/json' } });
      expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not_found']);
    },
  );

  it.each(['/%zz', `/${'x'.repeat(5_000)}`])(
    'of the path %s, which is no URL or no name, is a 400',
    async (url) => {
      const answer = await server.inject({ url, headers: { accept: 'application/json' } });
      expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'request_invalid']);
    },
  );

  it('of a body for a path that is not there is a 404, whatever is in it', async () => {
    const answer = await server.inject({
      method: 'POST',
      url: '/nothing.html',
      headers: json,
      payload: '{"vote":',
    });
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not_found']);
  });

  it('when an address votes too often says when to come back', async () => {
    await server.close();
    await open({ votesPerMinute: 3 });
    for (let n = 0; n < 3; n++) expect((await post('vote=a')).statusCode).toBe(303);
    const answer = await post('vote=a', { accept: 'application/json' });
    expect([answer.statusCode, answer.json().error.code]).toEqual([429, 'too_many_requests']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(votes).toHaveLength(3);
    expect((await server.inject('/')).statusCode).toBe(200);
  });

  it('never shows what went wrong inside', async () => {
    failure = new Error('password=hunter2');
    const answer = await post('vote=a', { accept: 'application/json' });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('hunter2');
    expect(answer.json().error.code).toBe('unexpected');
  });
});

describe('the page', () => {
  it('shows every option, escaped', async () => {
    await server.close();
    await open({}, [openPoll('main', '<b>Which?</b>', ['<script>alert(1)</script>', '"quotes"', 'ünï🐱'])]);
    const { body } = await server.inject('/');
    expect(body).not.toContain('<script>');
    expect(body).toContain('&lt;script&gt;');
    expect(body).toContain('&lt;b&gt;Which?&lt;/b&gt;');
    expect(body.match(/class="option"/g)).toHaveLength(3);
  });

  it('links to the results on the host that was asked', async () => {
    const page = await server.inject({ url: '/', headers: { host: '192.168.1.5:8080' } });
    expect(page.body).toContain('href="http://192.168.1.5:8081/"');
    const hostile = await server.inject({ url: '/', headers: { host: '"><script>' } });
    expect(hostile.body).not.toContain('<script>');
  });

  it('carries security headers and is not kept by caches', async () => {
    const { headers } = await server.inject('/');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('serves its style, for good under the current version and under any other', async () => {
    const { body } = await server.inject('/');
    const url = /href="(\/assets\/[^"]*base\.css)"/.exec(body)?.[1] as string;
    expect((await server.inject(url)).headers['cache-control']).toContain('immutable');
    const older = await server.inject(url.replace(/assets\/\w+/, 'assets/older'));
    expect([older.statusCode, older.headers['cache-control']]).toEqual([200, 'no-cache']);
  });
});

describe('on the wire', () => {
  /** Sends raw bytes and resolves with all that comes back until the server hangs up. */
  function send(...parts: (string | Buffer)[]): Promise<string> {
    return new Promise((resolve) => {
      let received = '';
      const socket = connect(port, '127.0.0.1', () => {
        for (const part of parts) socket.write(part);
      });
      socket.on('data', (data) => {
        received += data;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(received));
    });
  }

  const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n';

  it('refuses 10 MB without reading them', async () => {
    const answer = await send(`${head}Content-Length: 10000000\r\n\r\n`, Buffer.alloc(10_000_000, 'x'));
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
  });

  it('refuses an endless chunked body', async () => {
    const chunk = `400\r\n${'x'.repeat(1_024)}\r\n`;
    expect(await send(`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk, chunk, chunk)).toMatch(
      /^HTTP\/1\.1 413/,
    );
  });

  it('hangs up on a body that never ends', { timeout: 20_000 }, async () => {
    expect(await send(`${head}Content-Length: 6\r\n\r\nvot`)).toMatch(/^HTTP\/1\.1 408/);
  });

  it('takes no vote of whoever had hung up before it was read', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`${head}Content-Length: 6\r\n\r\nvote=a`);
        socket.destroy();
      });
      await once(socket, 'close');
    }
    // its vote comes after theirs
    await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: new URLSearchParams({ vote: 'b' }) });
    expect(votes.map(({ option }) => option)).toEqual(['b']);
  });

  it('refuses what is not HTTP, and giant headers', async () => {
    expect(await send('garbage\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(await send(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431/,
    );
  });

  it('still takes votes after all of it', async () => {
    await send('garbage\r\n\r\n');
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: new URLSearchParams({ vote: 'a' }),
      redirect: 'manual',
    });
    expect(answer.status).toBe(303);
    expect(votes).toHaveLength(1);
  });
});
