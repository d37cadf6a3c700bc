import { mainRoom, pollAt } from '@voting/core';
import { definitionsOf, directoryOf, openPoll } from '@voting/core/testing';
import { describe, expect, it } from 'vitest';

const known = directoryOf(
  definitionsOf([
    openPoll('on'),
    openPoll('other'),
    { ...openPoll('draft'), state: 'draft', openings: 0 },
    { ...openPoll('elsewhere'), room: 'hall' },
  ]),
);

describe('the poll at a place', () => {
  it.each([
    ['what is on', mainRoom, undefined, 'on'],
    ['the one that is named', mainRoom, 'other', 'other'],
    ['none that is a draft', mainRoom, 'draft', undefined],
    ['none of another room', mainRoom, 'elsewhere', undefined],
    ['none that there is not', mainRoom, 'nothing', undefined],
    ['none in a room that there is not', 'nowhere', undefined, undefined],
    ['none of this in a room that there is not', 'nowhere', 'on', undefined],
  ])('is %s', (_, room, poll, id) => {
    expect(pollAt({ room, poll }, known)?.id).toBe(id);
  });
});
