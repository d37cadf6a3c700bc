import { describe, expect, it } from 'vitest';
import { scenarios } from '../src/scenarios.ts';
import { noteOf, readSettings, UsageError } from '../src/settings.ts';
import { inWords, isMet, ratiosOf, spreadOf } from '../src/summary.ts';

describe('a summary', () => {
  it('has the median of rounds', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ min: 1, median: 2, max: 3 });
    expect(spreadOf([4, 1, 2, 3])?.median).toBe(2.5);
    expect(spreadOf([])).toBeUndefined();
  });

  it('compares neighbouring rounds, and the median with the goal', () => {
    const measure = { what: 'x', unit: '', ours: [6, 5, 9], ceiling: [10, 10, 10] };
    expect(ratiosOf(measure)).toEqual([0.6, 0.5, 0.9]);
    expect(isMet({ ...measure, goal: { of: 'ratio', atLeast: 0.6 } })).toBe(true);
    expect(isMet({ ...measure, goal: { of: 'ratio', atLeast: 0.61 } })).toBe(false);
    expect(isMet({ ...measure, goal: { of: 'value', atMost: 5 } })).toBe(false);
    expect(isMet(measure)).toBeUndefined();
    expect(inWords({ of: 'value', atMost: 120 }, 'ms')).toBe('≤ 120 ms');
  });
});

describe('the arguments', () => {
  const names = scenarios.map(({ name }) => name);

  it('of less than a full run are noted', () => {
    expect(noteOf(readSettings([], names).scale)).toEqual([]);
    const { scale } = readSettings(['--size', '0.2', '--rounds', '2'], names);
    expect(noteOf(scale)).toEqual([expect.stringContaining('--rounds 2 --seconds 5 --size 0.2')]);
  });

  it('name scenarios; without any, all of them run', () => {
    expect(readSettings([], names).names).toEqual(names);
    expect(readSettings(['drain', '--size', '0.1'], names)).toMatchObject({
      names: ['drain'],
      scale: { size: 0.1 },
    });
  });

  it.each([
    [['nothing'], /no scenario "nothing".*accept/],
    [['--rounds', '0'], /--rounds must be/],
    [['--target', 'here', 'accept'], /--target must be/],
    [['--target', 'http://localhost/'], /alone/],
    [['--fast'], /--fast/],
  ])('%j are refused with a reason', (args, reason) => {
    expect(() => readSettings(args, names)).toThrow(UsageError);
    expect(() => readSettings(args, names)).toThrow(reason);
  });
});
