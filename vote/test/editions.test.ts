import { definePoll } from '@voting/core';
import { describe, expect, it } from 'vitest';
import { editionsOf } from '../src/editions.ts';

const poll = (question: string, ...labels: string[]) => editionsOf(definePoll('main', question, labels));

describe('an edition', () => {
  const read = poll('Cats vs Dogs!', 'Cats', 'Dogs').current;

  it('holds as long as the texts are the same', () => {
    expect(poll('Cats vs Dogs!', 'Cats', 'Dogs').hold(read, 'b')).toBe(true);
  });

  it('holds after options were added, for those that its voter read', () => {
    const now = poll('Cats vs Dogs!', 'Cats', 'Dogs', 'Birds');
    expect(now.hold(read, 'b')).toBe(true);
    expect(now.hold(read, 'c')).toBe(false);
  });

  it.each([
    ['question', poll('Cats or dogs?', 'Cats', 'Dogs')],
    ['label', poll('Cats vs Dogs!', 'Cats', 'Hounds')],
    ['order', poll('Cats vs Dogs!', 'Dogs', 'Cats')],
    ['poll', editionsOf(definePoll('other', 'Cats vs Dogs!', ['Cats', 'Dogs']))],
  ])('holds no more for another %s', (_, now) => {
    expect(now.hold(read, 'a')).toBe(false);
    expect(now.current).not.toBe(read);
  });

  it('cannot be made up', () => {
    for (const text of ['', 'x', '__proto__', read.slice(1)]) {
      expect(poll('Cats vs Dogs!', 'Cats', 'Dogs').hold(text, 'a')).toBe(false);
    }
  });
});
