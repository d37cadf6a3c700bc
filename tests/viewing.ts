import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Where pictures of what the tests saw are kept; git does not. */
export const pictures = resolve(import.meta.dirname, '../test-results/pages');

/** How people look at the pages. */
export const settings = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
} as const satisfies Record<string, BrowserContextOptions>;

export type Setting = keyof typeof settings;

/** A page in a browser of its own, with its own cookies, that fails the test on any error in its scripts. */
export async function view(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  // an animation would be caught half-way
  const context = await browser.newContext({ locale: 'en', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => expect.unreachable(`error in the page: ${error.message}`));
  await page.goto(address);
  return page;
}

/** The same page as seen in every setting. */
export async function viewInAll(browser: Browser, address: string): Promise<Map<Setting, Page>> {
  const pages = new Map<Setting, Page>();
  for (const [setting, options] of Object.entries(settings)) {
    pages.set(setting as Setting, await view(browser, address, options));
  }
  return pages;
}

export async function keepPicture(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Keeps a picture of the page, and expects that nothing is cut off and axe finds nothing wrong with it. */
export async function inspect(page: Page, name: string): Promise<void> {
  await expectToFit(page, name);
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    "axe.run({ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  )) as AxeResults;
  const found = violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map(({ html }) => html) }));
  expect(found, name).toEqual([]);
}

/** Keeps a picture of the page, and expects that it need not be scrolled sideways. */
export async function expectToFit(page: Page, name: string): Promise<void> {
  await keepPicture(page, name);
  const [content, window] = (await page.evaluate(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )) as [number, number];
  expect(content, `${name} scrolls sideways`).toBeLessThanOrEqual(window);
}

export async function inspectAll(pages: ReadonlyMap<Setting, Page>, name: string): Promise<void> {
  await Promise.all([...pages].map(([setting, page]) => inspect(page, `${name}-${setting}`)));
}
