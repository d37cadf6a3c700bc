import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Product, run, startProduct } from '../../tests/product.ts';
import { freePorts } from '../../tests/servers/free-ports.ts';
import { type Lab, openLab } from './bastion-lab.ts';
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
  run(
    'tools/src/smoke.ts',
    [
      ['--vote', vote, '--result', result, '--host', product.host],
      ['--patience', '8s', ...flags],
    ].flat(),
  );

async function totalVotes(): Promise<number> {
  const results = await (await fetch(`${product.result}/api/results`)).json();
  return (results as { total: number }).total;
}

/** A page of a test's own, which answers everything alike. */
async function servePage(status: number, text: string) {
  const { host, close } = await listen(createServer((_, response) => response.writeHead(status).end(text)));
  return { address: `http://${host}`, close };
}

/** A host page that answers whoever comes without a key like this, and is there unless it fails. */
async function serveHostPageThat(status: number, text: string) {
  const server = createServer(({ url }, response) =>
    response.writeHead(url === '/' && status < 500 ? 200 : status).end(text),
  );
  const { host, close } = await listen(server);
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

  it('passes for one poll, whatever is on', async () => {
    const before = await totalVotes();
    const { code, output } = await smoke(product.vote, product.result, '--room', 'main', '--poll', 'main');
    expect(code, output).toBe(0);
    expect(output).toContain(`Smoke test of ${product.vote}/main/main, ${product.result}/main/main and`);
    expect(await totalVotes()).toBe(before + 1);
  });

  it.each([
    ['--room', 'Hall'],
    ['--poll', '../x'],
  ])('is not looked at where %s is %s', async (flag, value) => {
    const { code, output } = await smoke(product.vote, product.result, flag, value);
    expect([code, output]).toEqual([2, expect.stringMatching(`^${flag}: `)]);
  });

  it('passes without a vote', async () => {
    const before = await totalVotes();
    const { code, output } = await smoke(product.vote, product.result, '--no-vote');
    expect(code, output).toBe(0);
    expect(output).not.toContain('a vote is taken');
    expect(await totalVotes()).toBe(before);
  });
});

// each waits for its patience to end, so they wait together
describe.concurrent('a product that does not', { timeout: 60_000 }, () => {
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

  it.each([
    ['lets everybody in', 200, '[]', 'answers HTTP 200, not 401.'],
    ['is somebody else’s', 401, '<h1>401 Authorization Required</h1>', 'The answer is not that of the host'],
    ['is an error', 500, '', 'the host page is there: not within 8 s.'],
  ])('because its host page %s fails', async (_, status, text, sentence) => {
    const page = await serveHostPageThat(status, text);
    const { code, output } = await smoke(product.vote, product.result, '--host', page.address);
    await page.close();
    expect(code).toBe(1);
    expect(output).toContain(sentence);
  });

  it('because the room is not there fails', async () => {
    const { code, output } = await smoke(product.vote, product.result, '--room', 'hall');
    expect(code).toBe(1);
    expect(output).toContain('/api/results/hall answers HTTP 404.');
  });

  it('because nothing is on fails', async () => {
    const nothing = { poll: null, total: 0, options: [], pipeline: { state: 'live' } };
    const page = await servePage(200, JSON.stringify(nothing));
    const { code, output } = await smoke(product.vote, page.address);
    await page.close();
    expect(code).toBe(1);
    expect(output).toContain('the results are live: not within 8 s. Nothing is on there.');
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

describe('an environment', { timeout: 180_000 }, () => {
  let lab: Lab | undefined;
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  /** Ingresses as kubectl tells of them: host, load balancer, certificate, scheme; several, one after the other. */
  async function smokeOf(
    environment: string,
    answers: (page: string) => readonly string[],
    ...flags: string[]
  ) {
    const pages = { vote: product.vote, result: product.result, host: product.host };
    const kubectl = Object.entries(pages).flatMap(([page, address]) =>
      answers(address).map((stdout) => ({ when: `get ingress ${page}-ingress`, stdout })),
    );
    lab = await openLab(folder, { kubectl });
    const env = { ...process.env, ...lab.env };
    return run('tools/src/smoke.ts', ['--environment', environment, '--patience', '20s', ...flags], env);
  }
  const at = (page: string) => new URL(page).host;

  it('with internal load balancers is asked from the bastion', async () => {
    const before = await totalVotes();
    const { code, output } = await smokeOf('prod', (page) => [`|${at(page)}||internal`]);
    expect(code, output).toBe(0);
    expect(await totalVotes()).toBe(before + 1);
    expect(lab?.aws.sent.length).toBeGreaterThan(5);
  });

  it.each(['internal', 'internet-facing'])('%s is reached by names that no DNS knows yet', async (scheme) => {
    const names = new Map([
      [product.vote, 'vote.voting.invalid'],
      [product.result, 'result.voting.invalid'],
    ]);
    const name = (page: string) => names.get(page) ?? 'host.voting.invalid';
    const before = await totalVotes();
    const { code, output } = await smokeOf('prod', (page) => [`${name(page)}|${at(page)}||${scheme}`]);
    expect(code, output).toBe(0);
    expect(output).toContain('http://vote.voting.invalid');
    expect(await totalVotes()).toBe(before + 1);
  });

  it('whose load balancers are on the internet is asked from here', async () => {
    const { code, output } = await smokeOf('dev', (page) => [`|${at(page)}||internet-facing`]);
    expect(code, output).toBe(0);
    // for the Ingresses only
    expect(lab?.aws.sent).toHaveLength(3);
  });

  it('whose load balancer of host alone is internal is asked from here, but for host', async () => {
    const scheme = (page: string) => (page === product.host ? 'internal' : 'internet-facing');
    const { code, output } = await smokeOf('dev', (page) => [`|${at(page)}||${scheme(page)}`]);
    expect(code, output).toBe(0);
    // for the Ingresses, for the page of host and for what it answers without a key
    expect(lab?.aws.sent).toHaveLength(5);
  });

  it('is waited for until its load balancers have addresses', async () => {
    const { code, output } = await smokeOf('dev', (page) => ['|||', '|||', `|${at(page)}||internet-facing`]);
    expect(code, output).toBe(0);
  });

  it('that gets no address is a failure, in time', async () => {
    const { code, output } = await smokeOf('dev', () => ['|||'], '--patience', '3s');
    expect(code).toBe(1);
    expect(output).toContain('The Ingress vote-ingress has no address, and got none within 3 s.');
  });
});
