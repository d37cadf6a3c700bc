import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Results } from '@voting/result';
import { storedVoter } from '@voting/store/stored-voter';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Product, run, startProduct } from './product.ts';
import { freePorts } from './servers/free-ports.ts';

let folder: string;
let product: Product | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
});
afterEach(async () => {
  await product?.end('SIGKILL');
  product = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(env: NodeJS.ProcessEnv = {}): Promise<Product> {
  product = await startProduct({ DATA_DIR: join(folder, 'data'), ...env });
  return product;
}

async function votes(): Promise<Record<string, number>> {
  const results = (await (await fetch(`${product?.result}/api/results`)).json()) as Results;
  return Object.fromEntries(results.options.map(({ id, votes }) => [id, Number(votes)]));
}

function seed(...args: string[]) {
  return run('seed-data/src/main.ts', ['--poll', 'on', '--url', String(product?.vote), ...args]);
}

/** Asks the file itself, as any SQLite tool can when the product is stopped. */
function ask<Row>(sql: string): Row[] {
  const database = new DatabaseSync(join(folder, 'data/votes.db'), { readOnly: true });
  const rows = database.prepare(sql).all();
  database.close();
  return rows as Row[];
}

describe('one process', () => {
  it('counts 3,000 seed votes exactly, and every way to ask agrees', { timeout: 120_000 }, async () => {
    await start();
    const { code, output } = await seed();
    expect(code, output).toBe(0);
    await vi.waitFor(async () => expect(await votes()).toEqual({ a: 2_000, b: 1_000 }), { timeout: 2_000 });
    const metrics = await (await fetch(`${product?.ops}/metrics`)).text();
    expect(metrics).toMatch(/vote_votes_accepted_total 3000/);
    expect(metrics).toMatch(/worker_votes_counted_total 3000/);
    expect((await product?.end('SIGTERM'))?.code).toBe(0);
    // the query of older dashboards
    expect(ask('SELECT vote, COUNT(id) AS count FROM votes GROUP BY vote')).toEqual([
      { vote: 'a', count: 2_000 },
      { vote: 'b', count: 1_000 },
    ]);
    const recount = await run('tools/src/recount.ts', [], { DATA_DIR: join(folder, 'data') });
    expect(recount).toEqual({ code: 0, output: 'Poll main: the tallies agree with the votes.\n' });
  });

  it('lets a host in with the key in its folder, as test votes use it for a poll of their own', {
    timeout: 120_000,
  }, async () => {
    await start();
    const env = { DATA_DIR: join(folder, 'data'), VOTE_URL: product?.vote, HOST_URL: product?.host };
    const { code, output } = await run('seed-data/src/main.ts', ['--votes', 'a=20,b=10'], env);
    expect(code, output).toBe(0);
    const results = async (room: string) =>
      ((await (await fetch(`${product?.result}/api/results${room}`)).json()) as Results).total;
    await vi.waitFor(async () => expect([await results('/seed'), await results('')]).toEqual([30, 0]), {
      timeout: 10_000,
    });
    expect((await stat(join(folder, 'data/host-key'))).mode & 0o077).toBe(0);
  });

  it('does not start with other texts for the votes that it has, and says what to do', {
    timeout: 120_000,
  }, async () => {
    await start();
    expect((await seed('--votes', 'a=2')).code).toBe(0);
    await product?.end('SIGTERM');
    const question = { POLL_QUESTION: 'What shall we eat?', OPTION_A: 'Pizza', OPTION_B: 'Curry' };
    await expect(start(question)).rejects.toThrow(
      /has votes.*POLL_ID.*npm run reset\. \(question: "Cats vs Dogs!" → "What shall we eat\?"\)/,
    );
    await start({ ...question, POLL_ID: 'lunch' });
    expect(await votes()).toEqual({ a: 0, b: 0 });
    await product?.end('SIGTERM');
    await start({ OPTION_A: 'Cats', OPTION_B: 'Dogs', OPTION_C: 'Birds' });
    expect(await votes()).toEqual({ a: 2, b: 0, c: 0 });
  });

  it('keeps every acknowledged vote, once, when it is killed while votes come in', {
    timeout: 120_000,
  }, async () => {
    await start();
    const ledger = join(folder, 'acknowledged');
    const seeding = seed('--votes', 'a=40000,b=20000', '--acknowledged', ledger);
    await vi.waitFor(async () => expect((await votes()).a).toBeGreaterThan(500), { timeout: 20_000 });
    await product?.end('SIGKILL');
    expect((await seeding).code).toBe(1);
    const lines = (await readFile(ledger, 'utf8')).trim().split('\n');
    const acknowledged = lines.map((line) => {
      const [voter = '', choice] = line.split(' ');
      return `${storedVoter('main', voter)} ${choice}`;
    });
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    expect(acknowledged.length).toBeGreaterThan(500);

    await start();
    const counted = await votes();
    await product?.end('SIGTERM');
    const rows = ask<{ id: string; vote: string }>('SELECT id, vote FROM votes');
    const stored = new Set(rows.map(({ id, vote }) => `${id} ${vote}`));
    expect(acknowledged.filter((vote) => !stored.has(vote))).toEqual([]);
    // what was stored beyond that was in flight, and at most one vote for each connection of the seed
    expect(stored.size - acknowledged.length).toBeLessThanOrEqual(64);
    expect(counted).toEqual({
      a: rows.filter(({ vote }) => vote === 'a').length,
      b: rows.filter(({ vote }) => vote === 'b').length,
    });
  });

  it('knows its voters again after a restart', { timeout: 120_000 }, async () => {
    await start();
    const cookie = (await fetch(String(product?.vote))).headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const cast = (vote: string) =>
      fetch(String(product?.vote), {
        method: 'POST',
        body: new URLSearchParams({ vote }),
        headers: { cookie, accept: 'application/json' },
      });
    expect((await cast('a')).status).toBe(202);
    await product?.end('SIGTERM');
    await start();
    expect((await cast('b')).status).toBe(202);
    await vi.waitFor(async () => expect(await votes()).toEqual({ a: 0, b: 1 }), { timeout: 10_000 });
  });

  it('says that counting is interrupted, then live again, around a frozen process', {
    timeout: 120_000,
  }, async () => {
    await start({
      OPTION_A: 'Tee',
      OPTION_B: 'Kaffee',
      OPTION_C: 'Wasser',
      POLL_QUESTION: 'Was trinken wir?',
    });
    for (const address of [product?.vote, product?.result]) {
      const page = await (await fetch(String(address))).text();
      for (const text of ['Was trinken wir?', 'Tee', 'Kaffee', 'Wasser']) expect(page).toContain(text);
    }
  });
});

describe('a start that cannot be', () => {
  const main = 'embedded/src/main.ts';
  async function ports() {
    const [vote, result, host, ops] = await freePorts(4);
    return {
      VOTE_PORT: `${vote}`,
      RESULT_PORT: `${result}`,
      HOST_PORT: `${host}`,
      OPS_PORT: `${ops}`,
    };
  }

  it('on a taken port says which and what to do', { timeout: 120_000 }, async () => {
    await start();
    const { port } = new URL(String(product?.vote));
    const { code, output } = await run(main, [], {
      ...(await ports()),
      VOTE_PORT: port,
      DATA_DIR: join(folder, 'other'),
    });
    expect(code).toBe(1);
    expect(output).toContain(`Port ${port} is taken. Stop what uses it, or set VOTE_PORT to another port.`);
  });

  it('on a data folder in use says so, and leaves the other process alone', {
    timeout: 120_000,
  }, async () => {
    await start();
    const { code, output } = await run(main, [], { ...(await ports()), DATA_DIR: join(folder, 'data') });
    expect(code).toBe(1);
    expect(output).toContain('Another process is using this data folder.');
    expect((await fetch(`${product?.vote}/healthz`)).status).toBe(200);
    const recount = await run('tools/src/recount.ts', [], { DATA_DIR: join(folder, 'data') });
    expect(recount.code).toBe(1);
    expect(recount.output).toContain('Another process is using this data folder.');
  });

  it('on a folder that cannot be written says so', async () => {
    await writeFile(join(folder, 'file'), '');
    const { code, output } = await run(main, [], { ...(await ports()), DATA_DIR: join(folder, 'file/data') });
    expect(code).toBe(1);
    expect(output).toMatch(/^The data folder cannot be written\. Choose another with DATA_DIR\. \(.*\)\n/m);
  });

  it('with wrong settings names all of them', async () => {
    const { code, output } = await run(main, [], {
      POLL_QUESTION: '',
      OPTION_A: 'alone',
      VOTE_PORT: 'abc',
      VOTER_SECRET: 'short',
      LOG_LEVEL: 'loud',
    });
    expect(code).toBe(2);
    expect(output.match(/^ {2}[A-Z_]+: /gm)).toEqual([
      '  POLL_QUESTION: ',
      '  OPTION_B: ',
      '  VOTE_PORT: ',
      '  VOTER_SECRET: ',
      '  LOG_LEVEL: ',
    ]);
    expect(output).not.toContain('short"');
  });
});
