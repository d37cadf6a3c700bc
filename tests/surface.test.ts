import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpServer, createLog } from '@voting/runtime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { exchange, statusesIn } from './bad-input/wire.ts';
import { type Product, startProduct } from './product.ts';

let product: Product;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
  product = await startProduct({ DATA_DIR: folder });
}, 180_000);
afterAll(async () => {
  await product?.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

const poll = '/socket.io/?EIO=4&transport=polling';
const form = (vote: string) => ({ method: 'POST', body: new URLSearchParams({ vote }) });

describe('every answer with content', () => {
  const cases: [string, number, () => string, RequestInit?][] = [
    ['the vote page', 200, () => product.vote],
    ['a refused vote', 400, () => product.vote, form('z')],
    ['a method that is not taken', 405, () => product.vote, { method: 'DELETE' }],
    ['a page that is not there', 404, () => `${product.vote}/nothing`],
    ['the health of vote', 200, () => `${product.vote}/healthz`],
    ['the result page', 200, () => product.result],
    ['the results as JSON', 200, () => `${product.result}/api/results`],
    ['a result page that is not there', 404, () => `${product.result}/nothing`],
    ['a viewer who polls', 200, () => product.result + poll],
    ['a viewer with a wrong method', 405, () => product.result + poll, { method: 'PUT' }],
  ];

  it.each(cases)('to %s (%i) is guarded and names no software', async (_name, status, address, init) => {
    const answer = await fetch(address(), { redirect: 'manual', ...init });
    expect(answer.status).toBe(status);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|http/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
    expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    for (const banner of ['server', 'x-powered-by', 'via']) expect(answer.headers.get(banner)).toBeNull();
    expect(await answer.text()).not.toMatch(/fastify|node\.?js|socket\.io\/?\d/i);
  });

  it('that sets a cookie hides it from scripts and from other sites', async () => {
    const answer = await fetch(product.vote, { ...form('a'), redirect: 'manual' });
    expect(answer.status).toBe(303);
    expect(await answer.text()).toBe('');
    const cookies = answer.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(['voter_id', 'voter_choice']);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/);
    }
  });

  it('is sent on a connection that outlasts the 60 seconds of a load balancer', async () => {
    for (const address of [product.vote, product.result]) {
      const answer = await fetch(`${address}/healthz`);
      expect(Number(/timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60);
    }
  });
});

describe.each([
  ['vote', () => product.vote],
  ['result', () => product.result],
])('the %s page', (_name, address) => {
  it('has no script, style or handler in itself', async () => {
    const page = await (await fetch(address())).text();
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
    for (const [, attributes = '', content = ''] of page.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)) {
      expect(attributes).toMatch(/src="\//);
      expect(content).toBe('');
    }
  });
});

describe('viewers', () => {
  const portOf = (address: string) => Number(new URL(address).port);
  const upgrade = (origin: string) =>
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nOrigin: ${origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

  it('may follow from any page, because results are public and no cookie is read', async () => {
    const { received } = await exchange(
      portOf(product.result),
      upgrade('https://other.example'),
      'patiently',
    );
    expect(statusesIn(received)).toEqual([101]);
    expect(received.toLowerCase()).not.toContain('set-cookie');
  });

  it('who ask for a host that cannot be are refused, also when they have left', async () => {
    const port = portOf(product.result);
    const bytes = upgrade('https://other.example').replace('Host: x', 'Host: x@y');
    expect(statusesIn((await exchange(port, bytes, 'patiently')).received)).toEqual([400]);
    await Promise.all(Array.from({ length: 50 }, () => exchange(port, bytes, 'at once')));
    expect((await fetch(`${product.result}/healthz`)).status).toBe(200);
  });

  it('are sent away when they connect and never join', async () => {
    const viewer = connect(portOf(product.result), '127.0.0.1').setEncoding('latin1');
    let received = '';
    viewer.on('data', (data) => {
      received += data;
    });
    viewer.write(upgrade('https://other.example'));
    // the head of a frame that says goodbye
    await vi.waitFor(() => expect(received).toContain('\x88'), { timeout: 15_000 });
    viewer.destroy();
  });

  it('cannot send more than a viewer has to say', async () => {
    const talkative = new WebSocket(
      `${product.result.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
    );
    talkative.onopen = () => talkative.send(`4${'x'.repeat(5_000)}`);
    const code = await new Promise((resolve) => {
      talkative.onclose = (event) => resolve(event.code);
    });
    expect(code).toBe(1009);
    const { sid } = JSON.parse((await (await fetch(product.result + poll)).text()).slice(1));
    const tooLong = { method: 'POST', body: `4${'x'.repeat(5_000)}` };
    expect((await fetch(`${product.result}${poll}&sid=${sid}`, tooLong)).status).toBe(413);
  });
});

/** Whatever is refused is refused in our own words, with the headers that guard a page. */
describe.each([
  ['vote', () => product.vote],
  ['result', () => product.result],
])('what the %s page cannot do anything with', (_name, address) => {
  const ask = (bytes: string) => exchange(Number(new URL(address()).port), bytes, 'patiently');
  const get = (target: string, headers = 'Host: x\r\n') =>
    `GET ${target} HTTP/1.1\r\n${headers}Accept: application/json\r\n\r\n`;
  const long = (length: number) => 'a'.repeat(length);

  it.each<[string, number, string, string]>([
    ['a host of 3,000 characters', 400, 'request_invalid', get('/?present', `Host: ${long(3_000)}\r\n`)],
    ['a host of 260 characters', 400, 'request_invalid', get('/?present', `Host: ${long(260)}\r\n`)],
    ['a host that is none', 400, 'request_invalid', get('/', 'Host: "><script>\r\n')],
    ['two hosts', 400, 'request_invalid', get('/', 'Host: x\r\nHost: y\r\n')],
    ['no host', 400, 'request_invalid', get('/', '')],
    ['somebody else in an absolute target', 400, 'request_invalid', get('http://me@x/', 'Host: x\r\n')],
    ['two hosts of a viewer', 400, 'request_invalid', get(poll, 'Host: x\r\nHost: y\r\n')],
    ['a path that is no URL', 400, 'request_invalid', get('/%zz')],
    ['a very long name', 400, 'request_invalid', get(`/assets/x/${long(300)}`)],
    ['another page by an absolute target', 404, 'not_found', get('http://x/nothing.html')],
    [
      'a method that nobody has',
      400,
      'request_invalid',
      `QUERY /x HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n`,
    ],
    [
      'JSON for nobody',
      404,
      'not_found',
      `POST /x HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{`,
    ],
    ['a head that is too large', 431, 'headers_too_large', get('/', `Host: x\r\nX: ${long(20_000)}\r\n`)],
    ['what is no HTTP', 400, 'request_invalid', 'garbage\r\n\r\n'],
  ])('(%s) is refused with %i %s', async (_what, status, code, bytes) => {
    const { received } = await ask(bytes);
    const [head = '', body = ''] = received.split('\r\n\r\n');
    expect(statusesIn(received)).toEqual([status]);
    expect(JSON.parse(body)).toEqual({ error: { code, message: expect.stringMatching(/\.$/) } });
    expect(head.toLowerCase()).toContain("content-security-policy: default-src 'none'");
    expect(head.toLowerCase()).toContain('x-content-type-options: nosniff');
  });

  it('is not an absolute target, which some clients and proxies send', async () => {
    const target = 'http://poll.example:8080?lang=de';
    const { received } = await ask(`GET ${target} HTTP/1.1\r\nHost: other.example\r\n\r\n`);
    expect(statusesIn(received)).toEqual([200]);
    expect(received).toContain('lang="de"');
    expect(received).toContain('http://poll.example:');
    expect(received).not.toContain('other.example');
  });

  it('is not a host that a proxy without our trust claims', async () => {
    const { received } = await ask(get('/?present', 'Host: x\r\nX-Forwarded-Host: evil.example\r\n'));
    expect(statusesIn(received)).toEqual([200]);
    expect(received).not.toContain('evil.example');
  });
});

describe('connections', () => {
  /** A page that has room for so many connections. */
  async function openPage(most: number, stopping?: AbortSignal) {
    const refuse = () => ({ status: 400, headers: {}, body: '' });
    const server = createHttpServer(
      { trustProxy: false },
      { log: createLog('test', 'silent'), refuse, stopping },
      most,
    );
    const address = await server.listen({ port: 0, host: '::' });
    return { server, port: Number(new URL(address).port) };
  }

  it('end with their next answer from when the service turns not ready, and new ones are still answered', async () => {
    const stopping = new AbortController();
    const { server, port } = await openPage(20, stopping.signal);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const connectionOf = () =>
      new Promise((resolve, reject) => {
        request({ port, path: '/healthz', agent }, (response) => {
          response.resume().once('end', () => resolve(response.headers.connection));
        })
          .once('error', reject)
          .end();
      });
    try {
      expect(await connectionOf()).toBe('keep-alive');
      stopping.abort();
      expect([await connectionOf(), await connectionOf()]).toEqual(['close', 'close']);
    } finally {
      agent.destroy();
      await server.close();
    }
  });

  it('of one address leave room for another, however many and busy they are', async () => {
    const { server, port } = await openPage(20);
    const sockets: Socket[] = [];
    try {
      // asked for something only once, as cheaply as can be, and kept
      for (let n = 0; n < 40; n++) {
        const socket = connect(port, '127.0.0.1');
        sockets.push(socket);
        socket.on('error', () => {}).resume();
        await once(socket, 'connect');
        socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      }
      // the most that there is room for stay, the others were closed without an answer
      await vi.waitFor(() => expect(sockets.filter(({ destroyed }) => !destroyed)).toHaveLength(20), {
        timeout: 10_000,
      });
      // whoever comes from elsewhere is let in
      const other = await fetch(`http://[::1]:${port}/healthz`);
      expect(other.status).toBe(200);
      await vi.waitFor(() => expect(sockets.filter(({ destroyed }) => !destroyed)).toHaveLength(19), {
        timeout: 10_000,
      });
    } finally {
      for (const socket of sockets) socket.destroy();
      await server.close();
    }
  });
});
