import type { Results } from '@voting/result';
import { beforeEach, describe, expect, it } from 'vitest';
import { whyImpossible } from '../src/plausible.ts';
import { createPolls, type DrillPoll, type Visibility } from '../src/polls.ts';

let poll: DrillPoll;
beforeEach(() => {
  poll = withVotes('live');
});

/** An open poll with three voters, two of whom have chosen a. */
function withVotes(visibility: Visibility): DrillPoll {
  const made = createPolls().add('lunch', 'hall', visibility);
  made.phase = 'open';
  made.openings = 1;
  for (const [voter, option] of Object.entries({ u: 'a', v: 'a', w: 'b' }))
    made.ledger.sending(voter, option);
  return made;
}

function shown(
  a: number | null,
  b: number | null,
  stage: Results['stage'] = 'open',
  total?: number,
): Results {
  return {
    room: 'hall',
    title: '',
    poll: 'lunch',
    question: 'Lunch?',
    options: [
      { id: 'a', label: 'Soup', votes: a },
      { id: 'b', label: 'Salad', votes: b },
    ],
    total: total ?? (a ?? 0) + (b ?? 0),
    stage,
    reopened: false,
    votes: a === null ? 'when closed' : 'shown',
    updatedAt: new Date(0).toISOString(),
    pipeline: { state: 'live', delaySeconds: 0, pending: 0 },
  };
}

describe('what viewers are shown', () => {
  it('may be all that was sent, and less', () => {
    expect(whyImpossible(shown(2, 1), poll, undefined)).toEqual([]);
    expect(whyImpossible(shown(1, 0), poll, undefined)).toEqual([]);
  });

  it.each([
    ['more votes for an option than were sent', shown(3, 0)],
    ['more votes than voters', shown(null, null, 'open', 4)],
    ['fewer than nothing', shown(-1, 1)],
    ['a poll closed that nobody has closed', shown(1, 0, 'closing')],
  ])('is not %s', (_, results) => {
    expect(whyImpossible(results, poll, undefined)).toHaveLength(1);
  });

  it('is no poll that nobody has made', () => {
    expect(whyImpossible(shown(0, 0), undefined, undefined)).toHaveLength(1);
  });

  it('is not fewer than before', () => {
    const before = { results: shown(2, 1), openings: 1 };
    expect(whyImpossible(shown(2, 0), poll, before)).toHaveLength(1);
  });

  it('is no hidden vote while the poll is open, nor ever what is for the host alone', () => {
    for (const [visibility, open, final] of [
      ['closed', 1, 0],
      ['host', 1, 1],
    ] as const) {
      poll = withVotes(visibility);
      expect(whyImpossible(shown(null, null, 'open', 3), poll, undefined)).toEqual([]);
      expect(whyImpossible(shown(2, 1), poll, undefined)).toHaveLength(open);
      poll.phase = 'closing';
      expect(whyImpossible(shown(2, 1, 'final'), poll, undefined)).toHaveLength(final);
    }
  });

  it('is one result once it is final, until the poll is opened again', () => {
    poll.phase = 'final';
    const before = { results: shown(1, 1, 'final'), openings: 1 };
    expect(whyImpossible(shown(1, 1, 'final'), poll, before)).toEqual([]);
    expect(whyImpossible(shown(2, 1, 'final'), poll, before)).toHaveLength(1);
    poll.openings = 2;
    expect(whyImpossible(shown(2, 1, 'final'), poll, before)).toEqual([]);
  });
});
