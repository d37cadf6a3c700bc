import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePorts, type Product, run, startProduct } from '../../tests/product.ts';
import { type AwsPeer, startAws } from './aws-peer.ts';
import { writeAwsCli } from './bastion-programs.ts';
import { createFakes } from './fake-programs.ts';
import { listen } from './listen.ts';

let folder: string;
let product: Product;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
  product = await startProduct({
    DATA_DIR: join(folder, 'data'),
    OPTION_A: 'Fish & <Chips>',
    OPTION_B: 'Curry',
  });
});
afterAll(async () => {
  await product.end('SIGKILL');
  await rm(folder, { recursive: true });
});

const smoke = (vote: string, result: string, ...flags: string[]) =>
  run('tools/src/smoke.ts', ['--vote', vote, '--result', result, '--patience', '8s', ...flags]);

async function totalVotes(): Promise<number> {
  const results = await (await fetch(`${product.result}/api/results`)).json();
  return (results as { total: number }).total;
}

/** A page of a test's own, which answers everything alike. */
async function servePage(status: number, text: string) {
  const { host, close } = await listen(createServer((_, response) => response.writeHead(status).end(text)));
  return { address: `http://${host}`, close };
}

describe('a product that works', { timeout: 30_000 }, () => {
  it('passes, and has one vote more', async () => {
    const before = await totalVotes();
    const { code, output } = await smoke(`${product.vote}/`, product.result);
    expect(code, output).toBe(0);
    expect(output).toContain('- the vote is counted');
    expect(await totalVotes()).toBe(before + 1);
  });

  it('passes without a vote', async () => {
    const before = await totalVotes();
    const { code, output } = await smoke(product.vote, product.result, '--no-vote');
    expect(code, output).toBe(0);
    expect(output).not.toContain('a vote is taken');
    expect(await totalVotes()).toBe(before);
  });
});

describe('a product that does not', { timeout: 30_000 }, () => {
  it('because nothing listens fails', async () => {
    const [port] = await freePorts(1);
    const { code, output } = await smoke(product.vote, `http://127.0.0.1:${port}`);
    expect(code).toBe(1);
    expect(output).toContain('the results are live: not within 8 s. connect ECONNREFUSED');
  });

  it.each([
    ['is the wrong one', 200, '<h1>Welcome to nginx!</h1>', 'It says nothing of Fish & <Chips> and Curry.'],
    ['is an error that names the options', 500, 'Fish & <Chips> Curry', 'answers HTTP 500'],
  ])('because its vote page %s fails', async (_, status, text, sentence) => {
    const page = await servePage(status, text);
    const { code, output } = await smoke(page.address, product.result);
    await page.close();
    expect(code).toBe(1);
    expect(output).toContain(sentence);
  });

  it.each([
    ['is another', 200, 'Hello'],
    ['is JSON of another kind', 200, '{"total":"3"}'],
    ['is an error', 404, 'results'],
  ])('because its result page %s fails', async (_, status, text) => {
    const page = await servePage(status, text);
    const { code, output } = await smoke(product.vote, page.address);
    await page.close();
    expect(code).toBe(1);
    expect(output).toContain('the results are live: not within');
  });

  it('because votes are taken and never counted fails', async () => {
    // stands in for the result page as well, hence "votes"
    const results = JSON.stringify({
      question: 'Whose votes are these?',
      total: 7,
      options: [{ label: 'Curry' }],
      pipeline: { state: 'live', delaySeconds: 0, pending: 1 },
    });
    const page = await servePage(200, results);
    const { code, output } = await smoke(product.vote, page.address);
    await page.close();
    expect(code).toBe(1);
    expect(output).toContain('the vote is counted: not within 8 s. The total is still 7');
  });
});

describe('prod', { timeout: 60_000 }, () => {
  let aws: AwsPeer;
  const address = (url: string) => ({ stdout: `|${new URL(url).host}|` });

  beforeEach(async () => {
    const fakes = await createFakes(folder, {
      kubectl: [
        { when: 'get ingress vote-ingress', ...address(product.vote) },
        { when: 'get ingress result-ingress', ...address(product.result) },
      ],
    });
    await writeAwsCli(fakes.folder);
    aws = await startAws({ path: `${fakes.folder}:/usr/bin:/bin` });
  });
  afterEach(() => aws.close());

  it('is asked from the bastion, at the addresses of the Ingresses', async () => {
    const before = await totalVotes();
    const { code, output } = await run('tools/src/smoke.ts', ['--environment', 'prod'], aws.env);
    expect(code, output).toBe(0);
    expect(await totalVotes()).toBe(before + 1);
    expect(aws.sent.length).toBeGreaterThan(5);
  });
});
