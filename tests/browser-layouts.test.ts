import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type Product, startProduct } from './product.ts';
import { expectToFit, inspect, settings, view } from './viewing.ts';

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const polls = {
  many: {
    POLL_QUESTION: 'Which letter do you like most?',
    ...Object.fromEntries(letters.map((letter) => [`OPTION_${letter}`, `The letter ${letter}`])),
  },
  long: {
    POLL_QUESTION:
      'Should the association change its statutes in such a way that the board is elected every three years?',
    OPTION_A:
      'Yes, and the change should come into force at once, so that the board elected this evening already serves for three years',
    OPTION_B: 'Yes, but only from the next election onwards',
    OPTION_C: 'No'.repeat(60),
  },
  arabic: {
    POLL_QUESTION: 'ما هو مشروبك المفضل؟',
    OPTION_A: 'شاي بالنعناع',
    OPTION_B: 'قهوة',
    OPTION_C: 'عصير Orange طازج',
    OPTION_D: 'ماء',
  },
};

const windows = {
  desktop: settings.desktop.viewport,
  narrow: { width: 320, height: 640 },
  // 1280 by 800 at 200%
  zoomed: { width: 640, height: 400 },
};

// each of these needs far less alone, and most of it when all tests run at once
vi.setConfig({ testTimeout: 60_000 });

let browser: Browser;
let folder: string;
let product: Product;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
  browser = await launchChromium();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

describe.each(['long', 'arabic', 'many'] as const)('a poll with options that are %s', (poll) => {
  const locale = poll === 'arabic' ? 'ar' : 'en';

  beforeAll(async () => {
    // one store for all of them: making a new one takes longest
    product = await startProduct({ DATA_DIR: folder, POLL_ID: poll, ...polls[poll] });
    await fetch(product.vote, { method: 'POST', body: new URLSearchParams({ vote: 'b' }) });
  }, 60_000);
  afterAll(async () => {
    await product?.end('SIGTERM');
  });

  function addresses(): [string, string][] {
    return [
      ['vote', product.vote],
      ['result', product.result],
      ['present', `${product.result}/?present`],
      ['embed', `${product.result}/?embed`],
    ];
  }

  it('is laid out well at every size', { timeout: 120_000 }, async () => {
    for (const [name, address] of addresses()) {
      await inspect(await view(browser, address, { locale, ...settings.phone }), `${poll}-${name}-phone`);
      const page = await view(browser, address, { locale });
      for (const [window, viewport] of Object.entries(windows)) {
        await page.setViewportSize(viewport);
        await expectToFit(page, `${poll}-${name}-${window}`);
      }
    }
  });

  it('is on the screen of a hall at once', async () => {
    const [, , [, present] = ['', '']] = addresses();
    for (const viewport of [settings.desktop.viewport, { width: 1920, height: 1080 }]) {
      const page = await view(browser, present, { locale, viewport });
      expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(viewport.height);
      const ends = new Map<number, number>();
      for (const row of await page.locator('tbody tr').all()) {
        const { x = 0, y = 0, height = 0 } = (await row.boundingBox()) ?? {};
        expect(y, 'rows of a column').toBeGreaterThanOrEqual(ends.get(x) ?? 0);
        ends.set(x, y + height);
      }
      const { y: summary = 0 } = (await page.locator('.summary').boundingBox()) ?? {};
      expect(Math.max(...ends.values())).toBeLessThanOrEqual(summary);
    }
  });

  it('can be used to its last option, which nothing covers when it has the focus', async () => {
    const page = await view(browser, product.vote, settings.phone);
    const option = page.locator('button[name="vote"]').last();
    await option.focus();
    const { y = 0, height = 0 } = (await option.boundingBox()) ?? {};
    const receipt = await page.locator('.receipt').boundingBox();
    expect(y + height).toBeLessThanOrEqual(receipt?.y ?? 0);
  });
});
