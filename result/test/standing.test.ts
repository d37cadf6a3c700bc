import { languages } from '@voting/pages';
import { describe, expect, it } from 'vitest';
import { describePipeline, describeStanding, shares } from '../src/browser/standing.ts';
import { type PipelineState, pipelineState } from '../src/pipeline-state.ts';

const [english] = languages;

function results(...votes: number[]) {
  const options = votes.map((count, i) => ({ id: 'abcdefgh'[i] as string, label: `L${i}`, votes: count }));
  return { options, total: votes.reduce((sum, one) => sum + one, 0) };
}

describe('shares', () => {
  it.each([
    [
      [0, 0],
      [0, 0],
    ],
    [
      [1, 1],
      [50, 50],
    ],
    [
      [1, 1, 1],
      [34, 33, 33],
    ],
    [
      [2000, 1000],
      [67, 33],
    ],
    [
      [999, 1],
      [100, 0],
    ],
    [
      [0, 7],
      [0, 100],
    ],
    [
      [3, 3, 3, 3, 3, 3, 3],
      [15, 15, 14, 14, 14, 14, 14],
    ],
  ])('of %j are %j', (votes, percents) => {
    expect(shares(votes)).toEqual(percents);
  });

  it('always add up to 100', () => {
    for (let n = 1; n < 200; n++) {
      const votes = Array.from({ length: 2 + (n % 25) }, (_, i) => (n * 7_919 * (i + 1)) % 101);
      expect(shares(votes).reduce((sum, one) => sum + one, 0)).toBe(votes.some((one) => one > 0) ? 100 : 0);
    }
  });
});

describe('describeStanding', () => {
  const standing = (...votes: number[]) =>
    describeStanding(results(...votes), english).replaceAll(/[\u2068\u2069]/g, '');

  it('tells no votes, a tie and a lead apart', () => {
    expect(standing(0, 0)).toBe('No votes yet');
    expect(standing(3, 3)).toBe('A tie: “L0” and “L1”');
    expect(standing(3, 1, 3)).toBe('A tie: “L0” and “L2”');
    expect(standing(1, 2)).toBe('Ahead: “L1”');
    expect(standing(1, 1, 1, 1, 1)).toBe('A tie of 5 options');
  });
});

describe('pipelineState', () => {
  const now = 1_000_000;
  function state(changes: { beatAge?: number; delay?: number; readAge?: number; pending?: number }) {
    const { beatAge = 0.5, delay = 0, readAge = 0.2, pending = 0 } = changes;
    return pipelineState(
      { snapshot: { pipeline: { beatAge, delay, pending } }, readAt: now - readAge * 1000 },
      now,
    );
  }

  it('is live while workers report and nothing waits long', () => {
    expect(state({})).toEqual({ state: 'live', delaySeconds: 0, pending: 0 });
    expect(state({ delay: 1.9, pending: 5 })).toEqual({ state: 'live', delaySeconds: 0, pending: 5 });
  });

  it('is delayed by what the oldest vote waits, or since anything was heard', () => {
    expect(state({ delay: 7.6, pending: 9 })).toEqual({ state: 'delayed', delaySeconds: 7, pending: 9 });
    expect(state({ beatAge: 6 })).toMatchObject({ state: 'delayed', delaySeconds: 6 });
    expect(state({ readAge: 5 })).toMatchObject({ state: 'delayed', delaySeconds: 5 });
  });

  it('is down when nobody counts, or nobody knows', () => {
    expect(pipelineState(undefined, now).state).toBe('down');
    expect(state({ beatAge: 11 }).state).toBe('down');
    expect(state({ readAge: 11 }).state).toBe('down');
    const never = { snapshot: { pipeline: { beatAge: undefined, delay: 0, pending: 0 } }, readAt: now };
    expect(pipelineState(never, now).state).toBe('down');
  });

  it('has a sentence for each', () => {
    const sentence = (state: PipelineState) => describePipeline(state, english).sentence;
    expect(sentence({ state: 'live', delaySeconds: 0, pending: 0 })).toBe('Live');
    expect(sentence({ state: 'delayed', delaySeconds: 7, pending: 1_200 })).toBe(
      'Counting is 7 seconds behind, 1,200 votes waiting',
    );
    expect(sentence({ state: 'down', delaySeconds: 0, pending: 0 })).toContain('interrupted');
  });
});
