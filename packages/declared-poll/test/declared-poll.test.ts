import { readDeclaredPoll } from '@voting/declared-poll';
import type { InvalidSettings } from '@voting/runtime';
import { describe, expect, it } from 'vitest';

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readDeclaredPoll(env);
    return [];
  } catch (error) {
    return (error as InvalidSettings).faults;
  }
}

describe('readDeclaredPoll', () => {
  it('is the well-known question by default', () => {
    expect(readDeclaredPoll({})).toEqual({
      id: 'main',
      question: 'Cats vs Dogs!',
      options: [
        { id: 'a', label: 'Cats' },
        { id: 'b', label: 'Dogs' },
      ],
    });
  });

  it('takes 26 options', () => {
    const env = Object.fromEntries(
      Array.from({ length: 26 }, (_, i) => [`OPTION_${String.fromCharCode(65 + i)}`, `No. ${i}`]),
    );
    const { options } = readDeclaredPoll(env);
    expect(options.map(({ id }) => id).join('')).toBe('abcdefghijklmnopqrstuvwxyz');
    expect(faultsOf({ ...env, OPTION_AA: 'one more' })).toEqual([
      'OPTION_AA: an option is OPTION_A to OPTION_Z, 26 at most',
    ]);
  });

  it.each([
    [{ POLL_QUESTION: ' ' }, 'POLL_QUESTION: the question is empty'],
    [{ POLL_QUESTION: 'x'.repeat(301) }, 'POLL_QUESTION: longer than 300 characters'],
    [{ POLL_QUESTION: 'a\u0000b' }, 'POLL_QUESTION: contains a control character'],
    [{ POLL_ID: 'Not Valid' }, 'POLL_ID: 1 to 40 of a–z, 0–9 and -'],
    [{ OPTION_A: 'only one' }, 'OPTION_B: a poll needs at least 2 options'],
    [{ OPTION_B: 'Dogs' }, 'OPTION_A: missing, although OPTION_B is set; options follow on without a gap'],
    [
      { OPTION_A: 'x', OPTION_C: 'z' },
      'OPTION_B: missing, although OPTION_C is set; options follow on without a gap',
    ],
    [{ OPTION_A: 'x', OPTION_B: '' }, 'OPTION_B: the label is empty'],
    [{ OPTION_A: 'x', OPTION_B: 'x ' }, 'OPTION_B: the same label as OPTION_A, nobody could tell them apart'],
    [{ OPTION_A: 'x', OPTION_B: 'y'.repeat(201) }, 'OPTION_B: longer than 200 characters'],
  ])('refuses %j with one sentence', (env, fault) => {
    expect(faultsOf(env as Record<string, string>)).toEqual([fault]);
  });

  it('reports every fault at once', () => {
    expect(faultsOf({ POLL_QUESTION: '', OPTION_A: '', OPTION_B: 'y\n' })).toHaveLength(2);
    expect(faultsOf({ POLL_QUESTION: '', OPTION_A: '', OPTION_C: 'z' })).toHaveLength(3);
  });
});
