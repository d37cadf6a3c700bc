import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planFor } from '../src/model/capacity.ts';
import { simulateAccepting } from '../src/model/two-cores.ts';
import type { Outcome } from '../src/scenario.ts';
import { spreadOf } from '../src/summary.ts';

describe('the simulation', () => {
  const machine = { cores: 2, connections: 64, fsync: 500 };

  it('is limited by the busiest program, or by the cores', () => {
    expect(simulateAccepting({ load: 1, vote: 50, redis: 1 }, machine)).toBeCloseTo(20_000, -3);
    expect(simulateAccepting({ load: 40, vote: 40, redis: 40 }, machine)).toBeLessThan(17_000);
  });

  it('is limited by the disk when only one vote is under way', () => {
    const rate = simulateAccepting({ load: 10, vote: 30, redis: 10 }, { ...machine, connections: 1 }, 1_000);
    expect(rate).toBeCloseTo(1e6 / 550, 0);
  });

  it('is within 30% of what was measured', () => {
    const kept = new URL('../../docs/benchmarks/accept.json', import.meta.url);
    const { measures, costs } = JSON.parse(readFileSync(kept, 'utf8')).outcome as Outcome;
    const { load = 0, vote = 0, redis = 0 } = costs ?? {};
    const measured = spreadOf(measures[0]?.ours ?? [])?.median ?? 0;
    const predicted = simulateAccepting({ load, vote, redis }, machine);
    expect(measured / predicted).toBeGreaterThan(0.7);
    expect(measured / predicted).toBeLessThan(1.3);
  });
});

describe('the plan', () => {
  const measured = { vote: 40, redis: 10, worker: 8, postgres: 60_000, queuedBytes: 100, viewers: 5_000 };

  it('multiplies everything but the store', () => {
    const plan = planFor({ votesPerSecond: 30_000, viewers: 6_000 }, measured);
    expect(plan).toMatchObject({ voteReplicas: 2, shards: 1, workers: 1, resultReplicas: 2 });
    expect(plan.countedAfterSeconds).toBe(0);
  });

  it('lets a peak wait in the queue', () => {
    const plan = planFor({ votesPerSecond: 72_000, viewers: 1 }, measured);
    expect(plan.waitingPerSecond).toBe(36_000);
    expect(plan.countedAfterSeconds).toBe(60);
    expect(plan.queueBytes).toBe(216_000_000);
  });
});
