import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type Product, startProduct } from './product.ts';

// each of these needs far less alone, and most of it when all tests run at once
vi.setConfig({ testTimeout: 60_000 });

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
    expect(await vote.textContent('#standing')).toMatch(/^You voted for .*Cats/);
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

describe('the keyboard alone', () => {
  it('votes by letter, unless that is switched off', async () => {
    const page = await open(product.vote);
    await page.waitForSelector('#letter-keys:not([hidden])');
    await page.keyboard.press('b');
    await page.waitForSelector('button[value="b"][aria-pressed="true"]');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('z');
    await page.getByRole('checkbox').press('Space');
    await page.keyboard.press('a');
    await page.reload();
    await page.waitForSelector('#letter-keys:not([hidden])');
    await page.keyboard.press('a');
    expect(await page.getAttribute('button[value="b"]', 'aria-pressed')).toBe('true');
  });

  it('reaches every option and link in order, and sees where it is', async () => {
    const page = await open(product.vote);
    await page.waitForSelector('#letter-keys:not([hidden])');
    const reached: string[] = [];
    for (let n = 0; n < 8; n++) {
      await page.keyboard.press('Tab');
      const [name, outline] = (await page.evaluate(
        `[document.activeElement.closest('label, a, button').innerText.trim(), getComputedStyle(document.activeElement).outlineStyle]`,
      )) as [string, string];
      reached.push(name.replace(/^[A-Z]\s+/, ''));
      expect(outline, name).not.toBe('none');
    }
    expect(reached).toEqual([
      'Cats',
      'Dogs',
      'See the results',
      'Vote with the letter keys',
      'English',
      'Deutsch',
      'Español',
      'العربية',
    ]);
    await page.focus('button[value="a"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('button[value="a"][aria-pressed="true"]');
  });
});

describe('a screen reader', () => {
  it('finds the question, and each option by its name and whether it is chosen', async () => {
    const page = await open(product.vote);
    await page
      .getByRole('group', { name: 'Cats vs Dogs!' })
      .getByRole('button', { name: 'Dogs', exact: true })
      .click();
    await page.getByRole('button', { name: 'Dogs', exact: true, pressed: true }).waitFor();
    await page.getByRole('button', { name: 'Cats', exact: true, pressed: false }).waitFor();
    await page.getByRole('status').filter({ hasText: 'You voted for' }).waitFor();
  });

  it('finds the numbers as a table', async () => {
    const page = await open(product.result);
    const table = page.getByRole('table', { name: 'Cats vs Dogs! – Results' });
    expect(await table.getByRole('columnheader').allTextContents()).toEqual(['Option', 'Share', 'Votes']);
    const row = table.getByRole('row').filter({ hasText: 'Dogs' });
    expect(await row.getByRole('rowheader', { name: 'Dogs', exact: true }).count()).toBe(1);
    expect(await row.getByRole('cell').allTextContents()).toEqual([
      expect.stringMatching(/^\d+%$/),
      expect.stringMatching(/^\d+ votes?$/),
    ]);
  });
});

describe('two taps in a row', () => {
  it('end with the second, however long the first takes', async () => {
    const page = await open(product.vote);
    await page.route('**/*', async (route) => {
      const first = route.request().postData() === 'vote=a';
      if (first) await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    });
    let answers = 0;
    page.on('response', (response) => {
      if (response.request().method() === 'POST') answers++;
    });
    await page.waitForSelector('#letter-keys:not([hidden])');
    await page.click('button[value="a"]');
    await page.click('button[value="b"]');
    await vi.waitFor(() => expect(answers).toBe(2), { timeout: 10_000 });
    await page.waitForSelector('button[value="b"][aria-pressed="true"]');
    await page.reload();
    expect(await page.getAttribute('button[value="b"]', 'aria-pressed')).toBe('true');
  });
});

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('a page that was left open while the poll became another, %s', (_name, javaScriptEnabled) => {
  it('casts nothing, and shows the question of now', async () => {
    const data = await mkdtemp(join(tmpdir(), 'voting-'));
    const before = await startProduct({ DATA_DIR: data });
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    // it would notice by itself
    await page.route('**/*', (route) =>
      route.request().headers()['if-none-match'] === undefined ? route.continue() : route.abort(),
    );
    await page.goto(before.vote);
    await before.end('SIGTERM');
    const now = await startProduct({
      DATA_DIR: data,
      VOTE_PORT: new URL(before.vote).port,
      POLL_QUESTION: 'What shall we eat?',
      OPTION_A: 'Pizza',
      OPTION_B: 'Curry',
    });
    try {
      await page.click('button[value="b"]');
      await page.locator('h1', { hasText: 'What shall we eat?' }).waitFor();
      expect(await page.textContent('#refusal p')).toMatch(/^The question has changed/);
      expect(await page.locator('[aria-pressed="true"]').count()).toBe(0);
      expect(await (await fetch(`${now.result}/api/results`)).json()).toMatchObject({ total: 0 });

      await page.click('button[value="b"]');
      await page.waitForSelector('button[value="b"][aria-pressed="true"]');
      expect(await page.textContent('#standing')).toMatch(/^You voted for .*Curry/);
    } finally {
      await now.end('SIGTERM');
      await rm(data, { recursive: true, force: true });
    }
  });
});

describe('the language', () => {
  it('is the reader’s, can be changed, and stays after a vote without scripts', async () => {
    const page = await open(product.vote, { locale: 'de-AT', javaScriptEnabled: false });
    expect(await page.getAttribute('html', 'lang')).toBe('de');
    await page.getByRole('link', { name: 'العربية' }).click();
    expect(await page.getAttribute('html', 'dir')).toBe('rtl');
    await page.click('button[value="a"]');
    await page.waitForSelector('button[value="a"][aria-pressed="true"]');
    expect(await page.getAttribute('html', 'lang')).toBe('ar');
  });

  it('is spoken by the script as well', async () => {
    const page = await open(product.result, { locale: 'es' });
    await page.waitForSelector('#condition[data-kind="live"]');
    expect(await page.textContent('#condition')).toBe('En directo');
  });
});

describe('a page of someone else', () => {
  it('may show the embeddable view in a frame, and only that', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${product.ops}/healthz`);
    for (const query of ['?embed', '']) {
      await page.evaluate(`document.body.innerHTML = '<iframe src="${product.result}/${query}"></iframe>'`);
      const table = page.frameLocator('iframe').locator('table');
      if (query === '?embed') await table.waitFor();
      else {
        await page.waitForTimeout(500);
        expect(await table.count()).toBe(0);
      }
    }
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
