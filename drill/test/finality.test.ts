import { describe, expect, it } from 'vitest';
import { differences } from '../src/finality.ts';

const choices = new Map([
  ['u', 'a'],
  ['v', 'a'],
  ['w', 'b'],
]);

describe('a count of the votes', () => {
  it('agrees with tallies and timeline, in which options without votes may be or not', () => {
    expect(differences({ choices, tally: { a: 2, b: 1 }, timed: 3 })).toEqual([]);
    expect(differences({ choices, tally: { a: 2, b: 1, c: 0 }, timed: 3 })).toEqual([]);
    expect(differences({ choices: new Map(), tally: {}, timed: 0 })).toEqual([]);
  });

  it.each([
    ['a tally that is too low', { a: 1, b: 1 }, 3],
    ['a tally of what nobody has chosen', { a: 2, b: 1, c: 1 }, 3],
    ['a tally that is missing', { a: 2 }, 3],
    ['a voter too many in the timeline', { a: 2, b: 1 }, 4],
  ])('finds %s', (_, tally: Readonly<Record<string, number>>, timed) => {
    expect(differences({ choices, tally, timed })).toHaveLength(1);
  });
});
