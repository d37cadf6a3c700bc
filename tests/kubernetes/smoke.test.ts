import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, run, startProduct } from '../product.ts';

const smokeTest = 'helm-chart/vote-app/files/smoke-test.ts';
const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'voting-')));
let product: Product;
/** Counts its own votes and hears of no others. */
let deaf: Product;

beforeAll(async () => {
  [product, deaf] = (await Promise.all(folders.map((DATA_DIR) => startProduct({ DATA_DIR })))) as [
    Product,
    Product,
  ];
});
afterAll(async () => {
  await Promise.all([product?.end('SIGTERM'), deaf?.end('SIGTERM')]);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('the program of helm test', () => {
  const look = (voteOf: Product, resultOf: Product, patience: number, host = product.host) =>
    run(smokeTest, [], {
      VOTE_URL: voteOf.vote,
      RESULT_URL: resultOf.result,
      HOST_URL: host,
      PATIENCE_SECONDS: String(patience),
    });

  it('is content when its vote is counted', async () => {
    const { code, output } = await look(product, product, 15);
    expect(output).toMatch(/A vote was cast and counted: \d+ votes before, \d+ after/);
    expect(code).toBe(0);
  });

  it('fails when the vote is taken and never counted', async () => {
    const { code, output } = await look(product, deaf, 2);
    expect(output).toContain('seeing it counted: not within 2 s');
    expect(code).not.toBe(0);
  });

  it('fails when a page stands open that only hosts may use', async () => {
    // the vote page has no such path
    const { code, output } = await look(product, product, 2, product.vote);
    expect(output).toContain('finding the host page, and it locked: not within 2 s');
    expect(code).not.toBe(0);
  });

  it('fails when nobody takes the vote', async () => {
    const { code, output } = await look({ ...product, vote: 'http://127.0.0.1:9' }, product, 2);
    expect(output).toContain('casting a vote: not within 2 s');
    expect(code).not.toBe(0);
  });
});
