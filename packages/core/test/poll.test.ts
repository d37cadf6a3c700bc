import { definePoll, type InvalidPoll } from '@voting/core';
import { describe, expect, it } from 'vitest';

const twoLabels = ['Cats', 'Dogs'];

function faultsOf(id: string, question: string, labels: readonly string[]) {
  try {
    definePoll(id, question, labels);
    return [];
  } catch (error) {
    return (error as InvalidPoll).faults;
  }
}

describe('definePoll', () => {
  it('gives options the letters in their order, and takes 26 of them', () => {
    const labels = Array.from({ length: 26 }, (_, i) => ` No. ${i} `);
    const { question, options } = definePoll('main', ' Which? ', labels);
    expect(question).toBe('Which?');
    expect(options.map(({ id }) => id).join('')).toBe('abcdefghijklmnopqrstuvwxyz');
    expect(options[25]?.label).toBe('No. 25');
  });

  it.each([
    [faultsOf('Not Valid', 'Which?', twoLabels), [{ path: 'id', code: 'malformed' }]],
    [faultsOf('main', ' ', twoLabels), [{ path: 'question', code: 'empty' }]],
    [faultsOf('main', 'x'.repeat(301), twoLabels), [{ path: 'question', code: 'too_long', bound: 300 }]],
    [faultsOf('main', 'a\u0000b', twoLabels), [{ path: 'question', code: 'control_character' }]],
    [faultsOf('main', 'Which?', ['one']), [{ path: 'options', code: 'too_few', bound: 2 }]],
    [
      faultsOf(
        'main',
        'Which?',
        Array.from({ length: 27 }, (_, i) => `No. ${i}`),
      ),
      [{ path: 'options', code: 'too_many', bound: 26 }],
    ],
    [faultsOf('main', 'Which?', ['x', 'x ']), [{ path: 'options/1', code: 'repeated', twin: 'options/0' }]],
    [
      faultsOf('main', 'Which?', ['', 'y'.repeat(201), 'a\u0007b']),
      [
        { path: 'options/0', code: 'empty' },
        { path: 'options/1', code: 'too_long', bound: 200 },
        { path: 'options/2', code: 'control_character' },
      ],
    ],
  ])('names every fault by its place %#', (faults, expected) => {
    expect(faults).toEqual(expected);
  });
});
