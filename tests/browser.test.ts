import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type Product, startProduct } from './product.ts';

let browser: Browser;
let product: Product;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
  browser = await launchChromium();
  product = await startProduct({ DATA_DIR: folder });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await product?.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** A page of a browser of its own, that fails the test on any error in it. */
async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.on('pageerror', (error) => expect.unreachable(`error in the page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') expect.unreachable(`error in the page: ${message.text()}`);
  });
  await page.goto(address);
  return page;
}

async function total(page: Page): Promise<number> {
  return Number.parseInt((await page.textContent('#total')) ?? '', 10);
}

async function seesWithin(ms: number, page: Page, votes: number) {
  await page
    .locator('#total', { hasText: new RegExp(`^${votes} votes? in total$`) })
    .waitFor({ timeout: ms });
}

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('a person %s', (_name, javaScriptEnabled) => {
  it('votes on one page, and the other shows it within a second', async () => {
    const results = await open(product.result);
    await results.waitForSelector('#condition[data-kind="live"]');
    const before = await total(results);
    const vote = await open(product.vote, { javaScriptEnabled });
    await vote.click('button[value="a"]');
    await seesWithin(1_000, results, before + 1);
    await vote.waitForSelector('button[value="a"][aria-pressed="true"]');
    expect(await vote.textContent('#standing')).toContain('You voted for Cats');
  });

  it('changes the vote, and reloads without voting again', async () => {
    const results = await open(product.result);
    await results.waitForSelector('#condition[data-kind="live"]');
    const before = await total(results);
    const vote = await open(product.vote, { javaScriptEnabled });
    await vote.click('button[value="a"]');
    await vote.waitForSelector('button[value="a"][aria-pressed="true"]');
    await vote.click('button[value="b"]');
    await vote.waitForSelector('button[value="b"][aria-pressed="true"]');
    await vote.reload();
    expect(await vote.getAttribute('button[value="b"]', 'aria-pressed')).toBe('true');
    await seesWithin(1_000, results, before + 1);
  });
});

describe('the result page', () => {
  it('says so when its connection is gone, and follows again when it is back', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(product.result);
    await page.waitForSelector('#condition[data-kind="live"]');
    await context.setOffline(true);
    await page.evaluate("dispatchEvent(new Event('offline'))");
    await page.waitForSelector('#condition[data-kind="reconnecting"]', { timeout: 10_000 });
    await context.setOffline(false);
    await page.waitForSelector('#condition[data-kind="live"]', { timeout: 10_000 });
  });
});

describe.each([
  ['vote', () => product.vote],
  ['result', () => product.result],
])('the %s page', (_name, address) => {
  it('fits a narrow phone without scrolling sideways', async () => {
    const page = await open(address(), { viewport: { width: 320, height: 640 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  });

  it('asks nobody else for anything', async () => {
    const page = await (await browser.newContext()).newPage();
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.goto(address(), { waitUntil: 'networkidle' });
    expect([...hosts].filter((host) => host !== '')).toEqual([new URL(address()).host]);
  });
});
