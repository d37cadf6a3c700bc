import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type Product, startProduct } from './product.ts';

vi.setConfig({ testTimeout: 60_000 });

let browser: Browser;
let product: Product;
let folder: string;
let pages: Server;

/**
 * Behaves as the result page of the well-known example voting app does, on a server of its own: blank until
 * the first `message`, which is also when it begins to listen to `scores`, by polling and nothing else.
 */
function pageOf(result: string, options: string): string {
  return `<!DOCTYPE html>
<title>Example</title>
<body hidden>
<p><span id="a"></span> cats, <span id="b"></span> dogs</p>
<script src="${result}/socket.io/socket.io.js"></script>
<script>
  const line = io.connect('${result}', ${options});
  line.on('message', () => {
    document.body.hidden = false;
    line.on('scores', (text) => {
      const counted = JSON.parse(text);
      for (const option of ['a', 'b']) document.getElementById(option).textContent = counted[option] || 0;
    });
  });
</script>`;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
  browser = await launchChromium();
  product = await startProduct({ DATA_DIR: folder });
  pages = createServer((request, response) => {
    const options = new URL(request.url ?? '', 'http://pages').searchParams.get('options') ?? '{}';
    response.setHeader('content-type', 'text/html').end(pageOf(product.result, options));
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
}, 180_000);
afterAll(async () => {
  await browser?.close();
  pages?.close();
  await product?.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

function cast(option: 'a' | 'b'): Promise<Response> {
  return fetch(product.vote, { method: 'POST', body: new URLSearchParams({ vote: option }) });
}

describe('the result page of the example voting app, pointed at ours', () => {
  it.each([
    ['as it is, by polling', "{ transports: ['polling'] }"],
    ['with what its library does by itself', '{}'],
  ])('shows the votes at once and as they change, %s', async (_how, options) => {
    const { port } = pages.address() as AddressInfo;
    const page = await browser.newPage();
    page.on('pageerror', (error) => expect.unreachable(`error in the page: ${error.message}`));
    await cast('a');
    await page.goto(`http://127.0.0.1:${port}/?options=${encodeURIComponent(options)}`);
    const shows = async () => {
      const [a, b] = await Promise.all([page.textContent('#a'), page.textContent('#b')]);
      return [await page.isVisible('p'), Number(a), Number(b)];
    };
    const before = await vi.waitFor(
      async () => {
        const seen = await shows();
        expect(seen).toEqual([true, expect.any(Number), expect.any(Number)]);
        expect(Number(seen[1])).toBeGreaterThan(0);
        return seen.map(Number) as [number, number, number];
      },
      { timeout: 20_000 },
    );
    await cast('b');
    await vi.waitFor(async () => expect(await shows()).toEqual([true, before[1], before[2] + 1]), {
      timeout: 20_000,
    });
    await page.close();
  });
});
