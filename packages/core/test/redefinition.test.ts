import { definePoll, type Poll, redefine } from '@voting/core';
import { describe, expect, it } from 'vitest';

const poll = (question: string, ...labels: string[]): Poll => definePoll('main', question, labels);
const stored = poll('Cats vs Dogs!', 'Cats', 'Dogs');

describe('a poll that has votes', () => {
  it('may stay as it is, and get more options', () => {
    expect(redefine(stored, poll('Cats vs Dogs!', 'Cats', 'Dogs'))).toEqual(stored);
    const more = poll('Cats vs Dogs!', 'Cats', 'Dogs', 'Birds');
    expect(redefine(stored, more)).toEqual(more);
  });

  it('keeps an option that an older definition does not have', () => {
    const more = poll('Cats vs Dogs!', 'Cats', 'Dogs', 'Birds');
    expect(redefine(more, stored)).toEqual(more);
  });

  it.each([
    [
      poll('What shall we eat?', 'Cats', 'Dogs'),
      { path: 'question', was: 'Cats vs Dogs!', is: 'What shall we eat?' },
    ],
    [poll('Cats vs Dogs!', 'Cats', 'Pizza'), { path: 'options/1', was: 'Dogs', is: 'Pizza' }],
    [poll('Cats vs Dogs!', 'Dogs', 'Cats'), { path: 'options/0', was: 'Cats', is: 'Dogs' }],
  ])('cannot mean something else', (defined, change) => {
    expect(redefine(stored, defined)).toEqual({ change });
  });
});
