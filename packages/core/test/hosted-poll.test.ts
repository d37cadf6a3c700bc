import { definePoll, draftOf, isRoomId, isShown, moved, pollStates, visibilities } from '@voting/core';
import { describe, expect, it } from 'vitest';

const draft = draftOf(definePoll('lunch', 'What shall we eat?', ['Pizza', 'Curry']), 'main', 0);

describe('a poll', () => {
  it('goes from draft to open to closed, and may be opened again', () => {
    const ways = { draft, open: moved(draft, 'open'), closed: moved(moved(draft, 'open'), 'closed') };
    const taken = pollStates.flatMap((from) =>
      pollStates
        .filter((to) => {
          try {
            return moved(ways[from], to).state === to;
          } catch {
            return false;
          }
        })
        .map((to) => `${from} → ${to}`),
    );
    expect(taken).toEqual(['draft → open', 'open → closed', 'closed → open']);
    expect(() => moved(draft, 'closed')).toThrow(expect.objectContaining({ code: 'poll_state' }));
  });

  it('keeps its schedule when it is opened first, and forgets it when it is opened again', () => {
    const open = moved({ ...draft, opensAt: 5, closesAt: 10 }, 'open');
    expect(open).toMatchObject({ openings: 1, opensAt: 5, closesAt: 10 });
    const again = moved(moved(open, 'closed'), 'open');
    expect(again).toMatchObject({ openings: 2, opensAt: undefined, closesAt: undefined });
  });

  it('is shown live, when it is closed, or never', () => {
    const shown = Object.fromEntries(
      visibilities.map((visibility) => [
        visibility,
        pollStates.filter((state) => isShown({ visibility, state })),
      ]),
    );
    expect(shown).toEqual({ live: ['draft', 'open', 'closed'], closed: ['closed'], host: [] });
  });
});

describe('a room', () => {
  it.each(['204817', 'main', 'friday-night', 'q2'])('may be called %s', (id) =>
    expect(isRoomId(id)).toBe(true),
  );
  it.each(['', '1', '12345', '1234567', 'results', 'host', 'api', 'Hall', 'the hall', '-hall', 'h/all', 'ü'])(
    'may not be called %j',
    (id) => expect(isRoomId(id)).toBe(false),
  );
});
