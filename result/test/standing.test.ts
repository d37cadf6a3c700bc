import { languages } from '@voting/pages';
import { describe, expect, it } from 'vitest';
import { describeState, describeVotes, shares } from '../src/browser/standing.ts';
import { type PipelineState, pipelineState } from '../src/pipeline-state.ts';
import type { Results } from '../src/results.ts';

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

describe('describeVotes', () => {
  const say = (...votes: number[]) => saying({}, ...votes);
  function saying(changes: Partial<Pick<Results, 'stage' | 'votes'>>, ...votes: number[]) {
    const shown = { ...results(...votes), stage: 'open', votes: 'shown', ...changes } as const;
    return describeVotes(shown, english).replaceAll(/[\u2068\u2069]/g, '');
  }

  it('tells no votes, a tie and a lead apart', () => {
    expect(say(0, 0)).toBe('No votes yet');
    expect(say(3, 3)).toBe('A tie: “L0” and “L1”');
    expect(say(3, 1, 3)).toBe('A tie: “L0” and “L2”');
    expect(say(1, 2)).toBe('Ahead: “L1”');
    expect(say(1, 1, 1, 1, 1)).toBe('A tie of 5 options');
  });

  it('names a winner when it is final, and none of a tie', () => {
    expect(saying({ stage: 'final' }, 1, 2)).toBe('Won: “L1”');
    expect(saying({ stage: 'final' }, 2, 2)).toBe('A tie: “L0” and “L1”');
    expect(saying({ stage: 'closing' }, 1, 2)).toBe('Ahead: “L1”');
  });

  it('says when the votes are shown that are not', () => {
    expect(saying({ votes: 'when closed' }, 1, 2)).toContain('when the vote is closed');
    expect(saying({ votes: 'host only' }, 1, 2)).toContain('The host');
  });
});

describe('pipelineState', () => {
  const now = 1_000_000;
  function state(changes: { beatAge?: number; delay?: number; readAge?: number; pending?: number }) {
    const { beatAge = 0.5, delay = 0, readAge = 0.2, pending = 0 } = changes;
    return pipelineState({ pipeline: { beatAge, delay, pending }, readAt: now - readAge * 1000 }, now);
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
    const never = { pipeline: { beatAge: undefined, delay: 0, pending: 0 }, readAt: now };
    expect(pipelineState(never, now).state).toBe('down');
  });

  it('has a sentence for each, and for each stage of the poll', () => {
    const live: PipelineState = { state: 'live', delaySeconds: 0, pending: 0 };
    const say = (pipeline: PipelineState, stage: Results['stage'] = 'open') =>
      describeState({ pipeline, stage }, english).sentence;
    expect(say(live)).toBe('Live');
    expect(say({ state: 'delayed', delaySeconds: 7, pending: 1_200 })).toBe(
      'Counting is 7 seconds behind, 1,200 votes waiting',
    );
    expect(say({ ...live, state: 'down' })).toContain('interrupted');
    expect(say({ ...live, pending: 212 }, 'closing')).toBe('Closed. Counting the last 212 votes.');
    expect(say(live, 'closing')).toBe('Closed. Counting the last votes.');
    expect(say({ ...live, state: 'down' }, 'closing')).toContain('interrupted');
    // what is final stays so, whoever counts
    expect(say({ ...live, state: 'down' }, 'final')).toBe('Final result');
  });
});
