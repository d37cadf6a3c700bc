import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium } from './chromium.ts';
import { isReady, type Service, startService } from './product.ts';
import { freePorts } from './servers/free-ports.ts';
import { type PostgresServer, startPostgres } from './servers/postgres.ts';
import { type RedisServer, startRedis } from './servers/redis.ts';
import { inspect, inspectAll, keepPicture, type Setting, view, viewInAll } from './viewing.ts';

// each of these needs far less alone, and most of it when all tests run at once
vi.setConfig({ testTimeout: 120_000 });

let browser: Browser;
let redis: RedisServer;
let postgres: PostgresServer;
let vote: Service;
let worker: Service;
let result: Service;

beforeAll(async () => {
  [browser, redis, postgres] = await Promise.all([launchChromium(), startRedis(), startPostgres()]);
  const ports = await freePorts(6);
  const [port1, ops1, port2, ops2, port3, ops3] = ports as [number, number, number, number, number, number];
  const env = {
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    VOTER_SECRET: 'the voter secret of the tests',
    VOTE_URL: `:${port1}`,
    RESULT_URL: `:${port3}`,
    POLL_QUESTION: 'What shall we drink?',
    OPTION_A: 'Tea',
    OPTION_B: 'Coffee',
    OPTION_C: 'Water, with or without bubbles',
  };
  vote = startService('vote', { port: port1, ops: ops1 }, env);
  worker = startService('worker', { port: port2, ops: ops2 }, env);
  result = startService('result', { port: port3, ops: ops3 }, env);
  for (const service of [vote, worker, result]) {
    await vi.waitFor(async () => expect(await isReady(service), service.output()).toBe(true), {
      timeout: 60_000,
    });
  }
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await Promise.all([vote, worker, result].map((service) => service?.end('SIGKILL')));
  await redis?.stop();
  await postgres?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

async function cast(...options: string[]): Promise<void> {
  for (const option of options) {
    const answer = await fetch(vote.address, {
      method: 'POST',
      body: new URLSearchParams({ vote: option }),
      headers: { accept: 'application/json' },
    });
    expect(answer.status).toBe(202);
  }
}

async function condition(pages: ReadonlyMap<Setting, Page>, kind: string, timeout = 15_000): Promise<void> {
  for (const page of pages.values())
    await page.waitForSelector(`#condition[data-kind="${kind}"]`, { timeout });
}

async function standing(pages: ReadonlyMap<Setting, Page>, text: string): Promise<void> {
  for (const page of pages.values()) await page.locator('#standing', { hasText: text }).waitFor();
}

/** What the page tells screen readers of its own accord. */
function announced(page: Page) {
  return page.textContent('#announcement');
}

describe('the result page', () => {
  it('tells no votes, a lead and a tie apart, in every view', async () => {
    const pages = await viewInAll(browser, result.address);
    await condition(pages, 'live');
    await standing(pages, 'No votes yet');
    await inspectAll(pages, 'result-no-votes');

    await cast('a', 'a', 'b');
    await standing(pages, 'Ahead');
    for (const page of pages.values()) {
      await page.locator('#total', { hasText: '3 votes in total' }).waitFor();
      expect(await page.locator('td.percent').allTextContents()).toEqual(['67%', '33%', '0%']);
      expect(await page.locator('td.count').allTextContents()).toEqual(['2 votes', '1 vote', '0 votes']);
    }
    await inspectAll(pages, 'result-lead');
    for (const name of ['present', 'embed']) {
      const views = await viewInAll(browser, `${result.address}/?${name}`);
      await condition(views, 'live');
      await inspectAll(views, `${name}-lead`);
    }

    await cast('b');
    await standing(pages, 'A tie');
    await inspectAll(pages, 'result-tie');
    const [desktop] = [...pages.values()] as [Page];
    await vi.waitFor(async () => expect(await announced(desktop)).toMatch(/A tie/), { timeout: 16_000 });
  });

  it('says how far the count is behind while the worker stands still, then that it is interrupted', async () => {
    const pages = await viewInAll(browser, result.address);
    await condition(pages, 'live');
    worker.pause();
    try {
      await cast('c');
      await condition(pages, 'delayed');
      await inspectAll(pages, 'result-delayed');
      await condition(pages, 'down');
      await inspectAll(pages, 'result-down');
    } finally {
      worker.resume();
    }
    await condition(pages, 'live');
    const [desktop] = [...pages.values()] as [Page];
    expect(await announced(desktop)).toMatch(/^Counting is \d+ seconds behind|interrupted|Live/);
  });

  it('keeps the last numbers while the database is down, and does not call them live', async () => {
    const page = await view(browser, result.address);
    await page.waitForSelector('#condition[data-kind="live"]');
    const before = await page.textContent('#total');
    await postgres.kill();
    await page.waitForSelector('#condition[data-kind="delayed"]', { timeout: 10_000 });
    expect(await page.textContent('#total')).toBe(before);
    await inspect(page, 'result-database-down-desktop');
    await postgres.restart();
    await page.waitForSelector('#condition[data-kind="live"]', { timeout: 20_000 });
  });

  it('notices a line that has gone silent, and follows again', async () => {
    const pages = await viewInAll(browser, result.address);
    await condition(pages, 'live');
    // the connection stays open, but nothing comes through it any more
    result.pause();
    try {
      await condition(pages, 'reconnecting');
      await inspectAll(pages, 'result-reconnecting');
    } finally {
      result.resume();
    }
    await condition(pages, 'live');
  });

  it('without scripts shows the state of the counting, and comes again by itself', async () => {
    const page = await view(browser, result.address, { javaScriptEnabled: false });
    expect(await page.locator('.condition:visible').allTextContents()).toEqual(['Live']);
    expect(await page.locator('noscript meta[http-equiv="refresh"]').count()).toBe(1);
    await keepPicture(page, 'result-without-scripts-desktop');
  });
});

describe('the vote page', () => {
  it('marks the choice when it counts, which can be changed', async () => {
    const pages = await viewInAll(browser, vote.address);
    await inspectAll(pages, 'vote-open');
    for (const page of pages.values()) {
      await page.click('button[value="b"]');
      await page.waitForSelector('button[value="b"][aria-pressed="true"]');
      expect(await page.textContent('#standing')).toMatch(/^You voted for .*Coffee/);
    }
    await inspectAll(pages, 'vote-counted');
  });

  it('says that it is sending for as long as no answer comes', async () => {
    // one page after the other: each must be seen while it waits, and it waits for 10 seconds at most
    for (const [setting, page] of await viewInAll(browser, vote.address)) {
      vote.pause();
      try {
        await page.click('button[value="a"]');
        await page.waitForSelector('button[value="a"][data-sending]');
        expect(await page.textContent('#standing')).toMatch(/^Sending your vote for .*Tea/);
        await keepPicture(page, `vote-sending-${setting}`);
      } finally {
        vote.resume();
      }
      // the picture alone can outlast the wait on a busy machine: then the page says so, which is as right
      await page.waitForSelector('button[value="a"][aria-pressed="true"], #refusal:not([hidden])');
    }
  });

  it('says that the vote was not confirmed, and sends it again', async () => {
    const pages = await viewInAll(browser, vote.address);
    await redis.pause();
    try {
      for (const page of pages.values()) {
        await page.click('button[value="a"]');
        await page.locator('#refusal', { hasText: 'could not be confirmed' }).waitFor();
        expect(await page.locator('button[aria-pressed="true"]').count()).toBe(0);
      }
      await inspectAll(pages, 'vote-not-confirmed');
    } finally {
      await redis.resume();
    }
    for (const page of pages.values()) {
      await vi.waitFor(
        async () => {
          await page.click('#again', { timeout: 1_000 });
          await page.waitForSelector('button[value="a"][aria-pressed="true"]', { timeout: 3_000 });
        },
        { timeout: 15_000 },
      );
      expect(await page.locator('#refusal').isVisible()).toBe(false);
    }
  });

  it('says so when there is no connection, and keeps what counted before', async () => {
    const page = await view(browser, vote.address, { viewport: { width: 360, height: 740 } });
    await page.click('button[value="b"]');
    await page.waitForSelector('button[value="b"][aria-pressed="true"]');
    await page.context().setOffline(true);
    await page.click('button[value="c"]');
    await page.locator('#refusal', { hasText: 'No connection' }).waitFor();
    expect(await page.getAttribute('button[value="b"]', 'aria-pressed')).toBe('true');
    expect(await page.textContent('#standing')).toMatch(/Coffee/);
    await inspect(page, 'vote-offline-phone');
  });

  it('without scripts says the same, with the options to try again', async () => {
    const page = await view(browser, vote.address, { javaScriptEnabled: false });
    await redis.pause();
    try {
      await page.click('button[value="a"]');
      await page.waitForSelector('#refusal[data-code="queue_unavailable"]');
      expect(await page.locator('button[name="vote"]').count()).toBe(3);
      // axe is a script as well
      await keepPicture(page, 'vote-without-scripts-desktop');
    } finally {
      await redis.resume();
    }
  });

  it('has a way back from an address that does not exist', async () => {
    const page = await view(browser, `${vote.address}/nothing`);
    await inspect(page, 'vote-refused-desktop');
    await page.click('a');
    await page.waitForSelector('#vote-form');
  });
});
