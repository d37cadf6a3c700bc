import { describe, expect, it } from 'vitest';
import type { SeedConfig } from '../src/config.ts';
import { parsePlan } from '../src/plan.ts';
import { createScore } from '../src/score.ts';
import { createSeed } from '../src/seed.ts';
import { startVoteService, vacantUrl } from './vote-service.ts';

const forever = new AbortController().signal;

async function cast(url: URL, votes: string, config: Partial<SeedConfig> = {}, interrupted = forever) {
  const score = createScore();
  const acknowledged: string[] = [];
  const ledger = {
    append: (voter: string, option: string) => acknowledged.push(`${voter} ${option}`),
    close() {},
  };
  const began = performance.now();
  await createSeed(
    {
      url,
      plan: parsePlan(votes, []),
      concurrency: 8,
      rate: undefined,
      retryMs: 0,
      acknowledged: undefined,
      ...config,
    },
    { score, ledger },
  ).run(interrupted);
  const reasons = Object.fromEntries(score.reasons);
  return { score, acknowledged, reasons, elapsedMs: performance.now() - began };
}

function lines(counted: readonly { voter: string; option: string }[]): string[] {
  return counted.map(({ voter, option }) => `${voter} ${option}`).sort();
}

describe('a run', () => {
  it('casts the plan, every vote by a new voter, over few connections', async () => {
    await using service = await startVoteService();
    const { score, acknowledged } = await cast(service.url, 'a=200,b=100');
    expect(score).toMatchObject({ accepted: 300, refused: 0, uncertain: 0 });
    expect(service.counted.filter(({ option }) => option === 'a')).toHaveLength(200);
    expect(new Set(service.counted.map(({ voter }) => voter)).size).toBe(300);
    expect(acknowledged.sort()).toEqual(lines(service.counted));
    expect(service.connections).toBeLessThanOrEqual(8);
  });

  it('measures how long the answers took', async () => {
    await using service = await startVoteService(() => 'slow');
    const { score } = await cast(service.url, 'a=8');
    expect(score.latency.count).toBe(8);
    expect(score.latency.percentile(50)).toBeGreaterThan(95_000);
    expect(score.latency.max).toBeLessThan(2_000_000);
  });

  it('has no more votes under way than it may', async () => {
    await using service = await startVoteService(() => 'slow');
    const { elapsedMs } = await cast(service.url, 'a=9', { concurrency: 3 });
    expect(elapsedMs).toBeGreaterThan(290);
  });

  it('keeps roughly to its rate', async () => {
    await using service = await startVoteService();
    const { elapsedMs } = await cast(service.url, 'a=200', { rate: 250 });
    expect(elapsedMs).toBeGreaterThan(700);
    expect(elapsedMs).toBeLessThan(2_000);
  });

  it('ends soon when it is interrupted, with what was answered so far', async () => {
    await using service = await startVoteService();
    const { score, elapsedMs } = await cast(service.url, 'a=1000', { rate: 50 }, AbortSignal.timeout(200));
    expect(score.accepted).toBe(service.counted.length);
    expect(score.accepted).toBeGreaterThan(2);
    expect(score.refused).toBe(0);
    expect(elapsedMs).toBeLessThan(600);
  });

  it('ends when the ledger cannot be written', async () => {
    await using service = await startVoteService();
    const ledger = {
      append() {
        throw new Error('disk full');
      },
      close() {},
    };
    const config = {
      url: service.url,
      plan: parsePlan('a=1000', []),
      concurrency: 4,
      rate: undefined,
      retryMs: 0,
    };
    const seed = createSeed({ ...config, acknowledged: undefined }, { score: createScore(), ledger });
    await expect(seed.run(forever)).rejects.toThrow('disk full');
    expect(service.counted.length).toBeLessThanOrEqual(4);
  });
});

describe.concurrent('without retries', () => {
  it.each([
    ['full', { queue_full: 3 }, 0],
    ['lose', { ECONNRESET: 3 }, 3],
    ['gateway', { 'HTTP 502': 3 }, 3],
    ['stranger', { 'unexpected answer 200': 3 }, 3],
    ['vague', { 'unexpected answer 200': 3 }, 3],
    ['nameless', { 'unexpected answer 202': 3 }, 3],
    ['foul', { 'HTTP 400': 3 }, 0],
  ] as const)('a vote that meets "%s" is refused, with the reason', async (reaction, expected, uncertain) => {
    await using service = await startVoteService((post) => (post < 3 ? reaction : 'accept'));
    const { score, reasons, acknowledged } = await cast(service.url, 'a=5');
    expect(reasons).toEqual(expected);
    expect(score).toMatchObject({ accepted: 2, refused: 3, uncertain, answered: true });
    expect(acknowledged).toHaveLength(2);
  });

  it('nobody there means that nothing answered and nothing is uncertain', async () => {
    const { score, reasons } = await cast(await vacantUrl(), 'a=5');
    expect(reasons).toEqual({ ECONNREFUSED: 5 });
    expect(score).toMatchObject({ accepted: 0, refused: 5, uncertain: 0, answered: false });
  });
});

describe.concurrent('with retries', () => {
  const config = { retryMs: 5_000 };

  it('waits as long as the service asks and tries again', async () => {
    await using service = await startVoteService((post) => (post < 4 ? 'full' : 'accept'));
    const { score, elapsedMs } = await cast(service.url, 'a=4', config);
    expect(score).toMatchObject({ accepted: 4, refused: 0 });
    expect(score.latency.min).toBeGreaterThan(990_000);
    expect(elapsedMs).toBeGreaterThan(990);
  });

  it('keeps the voter when the answer was lost after counting, so that no vote counts twice', async () => {
    await using service = await startVoteService((post) => (post % 3 === 0 ? 'lose' : 'accept'));
    const { score, acknowledged } = await cast(service.url, 'a=20,b=10', config);
    expect(score).toMatchObject({ accepted: 30, refused: 0, uncertain: 0 });
    expect(service.counted.length).toBeGreaterThan(30);
    expect(lines(service.counted).filter((line, i, all) => line !== all[i - 1])).toEqual(acknowledged.sort());
    expect(acknowledged).toHaveLength(30);
  });

  it('tries again to become a voter, too', async () => {
    await using service = await startVoteService(
      undefined,
      (get) => (['lose', 'full'] as const)[get] ?? 'accept',
    );
    const { score } = await cast(service.url, 'a=2', config);
    expect(score).toMatchObject({ accepted: 2, refused: 0 });
    expect(service.counted).toHaveLength(2);
  });

  it('gives up in time, and remembers that a lost answer leaves the vote uncertain', async () => {
    await using service = await startVoteService((post) => (post === 0 ? 'lose' : 'full'));
    const { score, reasons, elapsedMs } = await cast(service.url, 'a=1', { retryMs: 500 });
    expect(reasons).toEqual({ queue_full: 1 });
    expect(score).toMatchObject({ accepted: 0, refused: 1, uncertain: 1 });
    expect(elapsedMs).toBeLessThan(800);
  });

  it('does not insist where a retry cannot help', async () => {
    await using service = await startVoteService(() => 'stranger');
    const { reasons, elapsedMs } = await cast(service.url, 'a=3', config);
    expect(reasons).toEqual({ 'unexpected answer 200': 3 });
    expect(elapsedMs).toBeLessThan(500);
  });

  it('ends its waits when the run is interrupted', async () => {
    const { score, elapsedMs } = await cast(await vacantUrl(), 'a=100', config, AbortSignal.timeout(300));
    expect(score).toMatchObject({ accepted: 0, refused: 8, answered: false });
    expect(elapsedMs).toBeLessThan(800);
  });
});
