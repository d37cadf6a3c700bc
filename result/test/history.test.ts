import { languages } from '@voting/pages';
import { describe, expect, it } from 'vitest';
import { describeTimeline, timelinePath } from '../src/browser/timeline.ts';
import { historyBegins, historyOf } from '../src/history.ts';

/** The beginning of a step, in Unix seconds. */
const start = 1_700_000_000;

describe('the history', () => {
  it('has the new voters of each step that is complete, and 0 where none came', () => {
    const timeline = new Map([
      [start, 5],
      [start + 20, 7],
      // not complete
      [start + 30, 9],
    ]);
    const { votes, stepSeconds } = historyOf(timeline, start + 31);
    expect(stepSeconds).toBe(10);
    expect(votes).toHaveLength(60);
    expect(votes.slice(-4)).toEqual([0, 5, 0, 7]);
  });

  it('forgets what is older than ten minutes, and asks for nothing that is', () => {
    const now = start + 7_205;
    expect(historyBegins(now)).toBe(start + 6_600);
    const timeline = new Map(Array.from({ length: 721 }, (_, i) => [start + i * 10, i]));
    const { votes } = historyOf(timeline, now);
    expect([votes[0], votes.at(-1)]).toEqual([660, 719]);
  });
});

describe('its line', () => {
  const path = (...votes: number[]) => timelinePath({ stepSeconds: 10, votes });

  it('goes through the steps, the busiest at the top', () => {
    expect(path(0, 5, 10)).toBe('M0 20L30 10L60 0');
  });

  it('is flat at the bottom without votes', () => {
    expect(path(0, 0)).toBe('M0 20L60 20');
  });

  it('is nothing where nothing is known', () => {
    expect(path()).toBe('');
  });

  it('has a sentence that says how high it is', () => {
    const votes = Array<number>(60).fill(0);
    const [english] = languages;
    expect(describeTimeline({ stepSeconds: 10, votes }, english)).toBe('New votes in the last 10 minutes');
    votes[7] = 1_200;
    expect(describeTimeline({ stepSeconds: 10, votes }, english)).toBe(
      'New votes in the last 10 minutes, up to 1,200 in 10 seconds',
    );
  });
});
