import { describe, expect, it } from 'vitest';
import { readDrillSettings, WrongFlag } from '../src/settings.ts';

describe('the flags of the drill', () => {
  it('may all be left out', () => {
    expect(readDrillSettings([])).toEqual({
      minutes: 2,
      seed: expect.any(Number),
      rate: 2_000,
      faultsPerMinute: 13,
      report: undefined,
    });
  });

  it('say how long, how much, which faults and where the report goes', () => {
    const flags = '--minutes 0.5 --seed 7 --rate 100 --faults-per-minute 20 --report r.md'.split(' ');
    expect(readDrillSettings(flags)).toEqual({
      minutes: 0.5,
      seed: 7,
      rate: 100,
      faultsPerMinute: 20,
      report: 'r.md',
    });
    expect(readDrillSettings(['--help'])).toBe('help');
  });

  it.each([
    ['--minutes', 'many'],
    ['--seed', '0'],
    ['--rate', ''],
    ['--speed', '3'],
  ])('are refused: %s %s', (flag, value) => {
    expect(() => readDrillSettings([flag, value])).toThrow(WrongFlag);
  });
});
