import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
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

describe('connections', () => {
  it('beyond what memory is there for are turned away, and the others are served', async () => {
    const server = createHttpServer({ bodyLimit: 1, trustProxy: false }, createLog('test', 'silent'));
    expect(server.server.maxConnections).toBe(10_000);
    server.server.maxConnections = 20;
    const address = await server.listen({ port: 0, host: '127.0.0.1' });
    const sockets: Socket[] = [];
    try {
      for (let n = 0; n < 19; n++) {
        sockets.push(connect(Number(new URL(address).port), '127.0.0.1'));
        await once(sockets[n] as Socket, 'connect');
      }
      const served = await fetch(`${address}/healthz`);
      expect(served.status).toBe(200);
      // the connection of `fetch` is kept, so the next is one too many
      const surplus = connect(Number(new URL(address).port), '127.0.0.1');
      surplus.on('error', () => {});
      await once(surplus, 'close');
      expect((await fetch(`${address}/healthz`)).status).toBe(200);
    } finally {
      for (const socket of sockets) socket.destroy();
      await server.close();
    }
  });
});
