import { languages } from '@voting/pages';
import { describe, expect, it } from 'vitest';
import { describeTimeline, timelinePath } from '../src/browser/timeline.ts';
import { createHistory } from '../src/history.ts';

const second = 1_000;
const start = 1_700_000_000_000; // the beginning of a step

describe('the history', () => {
  it('has the new votes of each step, and null before it began', () => {
    const history = createHistory();
    for (const [at, total] of [
      [0, 5],
      [9, 8],
      [12, 9],
      [19, 20],
      [21, 20],
      [29, 20],
    ] as const) {
      history.observe(total, start + at * second);
    }
    const { votes, stepSeconds } = history.at(start + 31 * second);
    expect(stepSeconds).toBe(10);
    expect(votes).toHaveLength(60);
    expect(votes.slice(-4)).toEqual([null, null, 12, 0]);
  });

  it('leaves a gap where the store was away, rather than a peak after it', () => {
    const history = createHistory();
    history.observe(1, start);
    history.observe(2, start + 10 * second);
    history.observe(900, start + 40 * second);
    history.observe(901, start + 50 * second);
    expect(history.at(start + 60 * second).votes.slice(-6)).toEqual([null, 1, null, null, null, 1]);
  });

  it('calls it no voting when a recount takes votes away', () => {
    const history = createHistory();
    history.observe(10, start);
    history.observe(7, start + 10 * second);
    expect(history.at(start + 20 * second).votes.at(-1)).toBe(0);
  });

  it('forgets what is older than ten minutes', () => {
    const history = createHistory();
    for (let at = 0; at < 7_200; at++) history.observe(at, start + at * second);
    expect(history.at(start + 7_200 * second).votes).toEqual(Array(60).fill(10));
    expect(history.at(start + 600 * second).votes.some((count) => count !== null)).toBe(false);
  });
});

describe('its line', () => {
  const path = (...votes: (number | null)[]) => timelinePath({ stepSeconds: 10, votes });

  it('goes through the steps, the busiest at the top', () => {
    expect(path(0, 5, 10)).toBe('M0 20L30 10L60 0');
  });

  it('is flat at the bottom without votes', () => {
    expect(path(0, 0)).toBe('M0 20L60 20');
  });

  it('is broken where nothing is known', () => {
    expect(path(4, 4, null, 4, null)).toBe('M0 0L15 0M45 0h0');
    expect(path(null, null)).toBe('');
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
