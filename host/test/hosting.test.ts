import { announceChanges, type HostedPoll, VotingError } from '@voting/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHosting } from '../src/hosting.ts';
import { type OpenHosting, openHosting } from './open-hosting.ts';

const lunch = { question: 'Lunch?', labels: ['Soup', 'Salad'] };
const outdated = { code: 'changed_meanwhile' };

let opened: OpenHosting;
let rooms: OpenHosting['rooms'];
let polls: OpenHosting['polls'];
beforeEach(async () => {
  opened = await openHosting();
  ({ rooms, polls } = opened);
});
afterEach(() => opened.close());

/** Whether everybody who serves voters knows what the store has. */
async function expectAllAnnounced(): Promise<void> {
  expect(await opened.store.unannounced()).toEqual([]);
}

async function finish({ id }: HostedPoll): Promise<void> {
  await opened.store.settle(id, { opening: 1, counted: true });
}

describe('rooms', () => {
  it('get a code of six digits, or the name that a host chooses', async () => {
    const hall = await rooms.make('  The hall ', undefined);
    expect(hall).toEqual({
      id: expect.stringMatching(/^\d{6}$/),
      title: 'The hall',
      on: undefined,
      revision: 1,
    });
    expect(await rooms.make('Tonight', 'tonight')).toMatchObject({ id: 'tonight', title: 'Tonight' });
    expect((await rooms.all()).map(({ id }) => id).sort()).toEqual([hall.id, 'main', 'tonight'].sort());
    expect(opened.queue.directory.room(hall.id)).toEqual(hall);
    await expectAllAnnounced();
  });

  it('get another code when one is taken, also by a room that is gone', async () => {
    const taken: string[] = [];
    const store = {
      ...opened.store,
      async keepRoom(...args: Parameters<typeof opened.store.keepRoom>) {
        if (taken.push(args[0].id) < 3) throw new VotingError('changed_meanwhile');
        return opened.store.keepRoom(...args);
      },
    };
    const made = await createHosting({ ...opened, store }).rooms.make('The hall', undefined);
    expect(taken).toHaveLength(3);
    expect(made.id).toBe(taken[2]);
  });

  it('have a name once, and never that of another that is gone', async () => {
    const made = await rooms.make('Tonight', 'tonight');
    await expect(rooms.make('Again', 'tonight')).rejects.toMatchObject({ code: 'room_taken' });
    await rooms.remove('tonight', made.revision);
    await expect(rooms.room('tonight')).rejects.toMatchObject({ code: 'room_unknown' });
    expect(opened.queue.directory.room('tonight')).toBeUndefined();
    await expect(rooms.make('Again', 'tonight')).rejects.toMatchObject({ code: 'room_taken' });
  });

  it('tell everything that is wrong with them at once', async () => {
    await expect(rooms.make(' ', 'api')).rejects.toMatchObject({
      code: 'content_invalid',
      faults: [
        { path: 'id', code: 'malformed' },
        { path: 'title', code: 'empty' },
      ],
    });
    await expect(rooms.change('main', { title: 'x'.repeat(101) }, undefined)).rejects.toMatchObject({
      faults: [{ path: 'title', code: 'too_long', bound: 100 }],
    });
  });

  it('show a poll of theirs, or none', async () => {
    const poll = await polls.add('main', lunch);
    const shown = await rooms.change('main', { on: poll.id }, undefined);
    expect(shown.on).toBe(poll.id);
    expect((await rooms.change('main', { title: 'Canteen' }, shown.revision)).on).toBe(poll.id);
    expect((await rooms.change('main', { on: null }, undefined)).on).toBeUndefined();
    await rooms.make('Tonight', 'tonight');
    for (const on of [poll.id, 'none', '\0'])
      await expect(rooms.change('tonight', { on }, undefined)).rejects.toMatchObject({
        code: 'poll_unknown',
      });
  });

  it('are changed and removed as they were seen', async () => {
    const { revision } = await rooms.make('Tonight', 'tonight');
    const changed = await rooms.change('tonight', { title: 'Tomorrow' }, revision);
    const late = { ...outdated, revision: changed.revision };
    await expect(rooms.change('tonight', { title: 'Never' }, revision)).rejects.toMatchObject(late);
    await expect(rooms.remove('tonight', revision)).rejects.toMatchObject(late);
    await rooms.remove('tonight', changed.revision);
  });

  it('are changed as they are by then when nobody says what was seen', async () => {
    let others = 2;
    const store = {
      ...opened.store,
      async keepRoom(...args: Parameters<typeof opened.store.keepRoom>) {
        if (others-- > 0) await rooms.change('main', { title: `Other ${others}` }, undefined);
        return opened.store.keepRoom(...args);
      },
    };
    const hosting = createHosting({ ...opened, store });
    expect(await hosting.rooms.change('main', { title: 'Mine' }, undefined)).toMatchObject({ title: 'Mine' });
    others = 1;
    const { revision } = await rooms.room('main');
    await expect(hosting.rooms.change('main', { title: 'Late' }, revision)).rejects.toMatchObject({
      ...outdated,
      revision: revision + 1,
    });
  });

  it('stay while they have polls, as the main room always does', async () => {
    await rooms.make('Tonight', 'tonight');
    await polls.add('tonight', lunch);
    for (const room of ['tonight', 'main'])
      await expect(rooms.remove(room, undefined)).rejects.toMatchObject({ code: 'room_in_use' });
  });
});

describe('polls', () => {
  it('begin as the last draft of their room', async () => {
    const first = await polls.add('main', { ...lunch, closesAt: 2_000_000_000_000, visibility: 'closed' });
    const second = await polls.add('main', lunch);
    expect(first).toMatchObject({
      id: expect.stringMatching(/^[a-z0-9]{8}$/),
      question: 'Lunch?',
      state: 'draft',
      visibility: 'closed',
      closesAt: 2_000_000_000_000,
    });
    expect([first.place, second.place]).toEqual([0, 1]);
    expect(await polls.of('main')).toEqual([first, second]);
    await expect(polls.add('none', lunch)).rejects.toMatchObject({ code: 'room_unknown' });
    await expectAllAnnounced();
  });

  it('are found in their own room only', async () => {
    const { id } = await polls.add('main', lunch);
    await rooms.make('Tonight', 'tonight');
    for (const [room, poll] of [
      ['tonight', id],
      ['main', 'none'],
      ['main', '\0'],
    ] as const)
      await expect(polls.poll(room, poll)).rejects.toMatchObject({ code: 'poll_unknown' });
  });

  it('have free texts until they are opened, then only more options', async () => {
    const draft = await polls.add('main', lunch);
    const other = { question: 'Dinner?', labels: ['Rice', 'Fish', 'Beans'] };
    const changed = await polls.change('main', draft.id, other, draft.revision);
    expect(changed.options.map(({ label }) => label)).toEqual(other.labels);
    await polls.open('main', draft.id, true, undefined);

    const locked = (path: string) => ({ code: 'poll_locked', faults: [{ path, code: 'locked' }] });
    const change = (change: Parameters<typeof polls.change>[2]) =>
      polls.change('main', draft.id, change, undefined);
    await expect(change({ question: 'Lunch?' })).rejects.toMatchObject(locked('question'));
    await expect(change({ labels: ['Fish', 'Rice', 'Beans'] })).rejects.toMatchObject(locked('options/0'));
    await expect(change({ labels: ['Rice', 'Fish'] })).rejects.toMatchObject(locked('options'));
    const more = await change({ labels: [...other.labels, 'Bread'] });
    expect(more.options.at(-1)).toEqual({ id: 'd', label: 'Bread' });
    expect(opened.queue.directory.poll(draft.id)).toEqual(more);
  });

  it('tell what is wrong with them, and change nothing', async () => {
    await expect(polls.add('main', { question: '', labels: ['A'] })).rejects.toMatchObject({
      faults: [
        { path: 'question', code: 'empty' },
        { path: 'options', code: 'too_few', bound: 2 },
      ],
    });
    await expect(polls.add('main', { ...lunch, opensAt: 2_000, closesAt: 2_000 })).rejects.toMatchObject({
      faults: [{ path: 'closesAt', code: 'too_early' }],
    });
    expect(await polls.of('main')).toEqual([]);
  });

  it('open and are on, unless what is on is to stay', async () => {
    const [first, second] = [await polls.add('main', lunch), await polls.add('main', lunch)];
    expect(await opened.voting(first.id)).toBe('poll_unknown');
    const open = await polls.open('main', first.id, true, first.revision);
    expect(open).toMatchObject({ state: 'open', openings: 1 });
    expect(await opened.voting(first.id)).toBe('taken');
    await polls.open('main', second.id, false, undefined);
    expect((await rooms.room('main')).on).toBe(first.id);
    expect(opened.queue.directory.room('main')?.on).toBe(first.id);
    await expect(polls.open('main', first.id, true, undefined)).rejects.toMatchObject({ code: 'poll_state' });
    await expect(polls.open('main', first.id, true, first.revision)).rejects.toMatchObject(outdated);
  });

  it('close, and open again as another opening', async () => {
    const { id } = await polls.add('main', lunch);
    await expect(polls.close('main', id, undefined)).rejects.toMatchObject({ code: 'poll_state' });
    await expect(polls.reopen('main', id, true, undefined)).rejects.toMatchObject({ code: 'poll_state' });
    await polls.open('main', id, true, undefined);
    const closed = await polls.close('main', id, undefined);
    expect(closed).toMatchObject({ state: 'closed', final: false });
    expect(await opened.voting(id)).toBe('poll_closed');
    expect(opened.queue.directory.poll(id)).toEqual(closed);
    expect(await polls.close('main', id, closed.revision)).toEqual(closed);
    await expect(polls.open('main', id, true, undefined)).rejects.toMatchObject({ code: 'poll_state' });
    await rooms.change('main', { on: null }, undefined);
    expect(await polls.reopen('main', id, true, closed.revision)).toMatchObject({
      state: 'open',
      openings: 2,
    });
    expect((await rooms.room('main')).on).toBe(id);
    expect(await opened.voting(id)).toBe('taken');
  });

  it('close by a schedule that is set while they are open', async () => {
    const { id } = await polls.add('main', lunch);
    await polls.open('main', id, true, undefined);
    await polls.change('main', id, { closesAt: Date.now() - 1 }, undefined);
    expect(await opened.voting(id)).toBe('poll_closed');
  });

  it('go with their votes when they are drafts or final', async () => {
    const [draft, poll] = [await polls.add('main', lunch), await polls.add('main', lunch)];
    await polls.remove('main', draft.id, draft.revision);
    await expect(polls.poll('main', draft.id)).rejects.toMatchObject({ code: 'poll_unknown' });
    expect(opened.queue.directory.poll(draft.id)).toBeUndefined();

    await polls.open('main', poll.id, true, undefined);
    await expect(polls.remove('main', poll.id, undefined)).rejects.toMatchObject({ code: 'poll_state' });
    await polls.close('main', poll.id, undefined);
    await expect(polls.remove('main', poll.id, undefined)).rejects.toMatchObject({ code: 'poll_state' });
    await finish(poll);
    await expect(polls.remove('main', poll.id, poll.revision)).rejects.toMatchObject(outdated);
    await polls.remove('main', poll.id, undefined);
    expect((await rooms.room('main')).on).toBeUndefined();
    expect(opened.queue.directory.room('main')?.on).toBeUndefined();
    expect(await opened.voting(poll.id)).toBe('poll_unknown');
    await expectAllAnnounced();
  });

  it('stand as the store has counted them', async () => {
    const { id } = await polls.add('main', lunch);
    expect(await polls.standing('main', id)).toMatchObject({ poll: { id }, tally: {} });
    await polls.open('main', id, true, undefined);
    await opened.store.record([{ poll: id, voter: 'v'.repeat(22), option: 'b', sequence: 7n }], 0);
    expect(await polls.standing('main', id)).toMatchObject({ poll: { final: false }, tally: { b: 1 } });
  });
});

describe('while the queue does not answer', () => {
  it('everything but closing is kept, and a worker announces it later', async () => {
    const draft = await polls.add('main', lunch);
    opened.setQueue(false);
    const open = await polls.open('main', draft.id, true, undefined);
    expect(open.state).toBe('open');
    expect(opened.troubles).toHaveBeenCalled();
    expect(await opened.voting(draft.id)).toBe('poll_unknown');

    opened.setQueue(true);
    await announceChanges(opened.store, opened.announcements);
    expect(await opened.voting(draft.id)).toBe('taken');
    expect(opened.queue.directory.room('main')?.on).toBe(draft.id);
  });

  it('closing says so and has changed nothing', async () => {
    const { id } = await polls.add('main', lunch);
    const open = await polls.open('main', id, true, undefined);
    opened.setQueue(false);
    await expect(polls.close('main', id, open.revision)).rejects.toMatchObject({ code: 'queue_unavailable' });
    expect(await polls.poll('main', id)).toEqual(open);
    opened.setQueue(true);
    expect(await opened.voting(id)).toBe('taken');
    expect(await polls.close('main', id, open.revision)).toMatchObject({ state: 'closed' });
  });

  it('a failure that is none of the queue’s is not passed over', async () => {
    const store = { ...opened.store, unannounced: () => Promise.reject(new Error('a defect')) };
    const hosting = createHosting({ ...opened, store });
    await expect(hosting.rooms.make('The hall', undefined)).rejects.toThrow('a defect');
  });
});

describe('closing', () => {
  /** Hosting whose queue lets something else happen as soon as a gate is closed. */
  function withMeanwhile(meanwhile: () => Promise<unknown>) {
    const { gates, definitions } = opened.announcements;
    const post = vi.fn(async (gate: Parameters<typeof gates.post>[0]) => {
      const seals = await gates.post(gate);
      if (post.mock.calls.length === 1) await meanwhile();
      return seals;
    });
    return createHosting({ ...opened, announcements: { gates: { ...gates, post }, definitions } });
  }

  it('succeeds when a worker has noticed first', async () => {
    const { id } = await polls.add('main', lunch);
    const { revision } = await polls.open('main', id, true, undefined);
    const hosting = withMeanwhile(() => opened.store.settle(id, { opening: 1, counted: true }));
    expect(await hosting.polls.close('main', id, revision)).toMatchObject({ state: 'closed', final: true });
  });

  it('goes on when something else is changed meanwhile, because no vote is taken any more', async () => {
    const { id } = await polls.add('main', lunch);
    const { revision } = await polls.open('main', id, true, undefined);
    const hosting = withMeanwhile(async () =>
      opened.store.keepPoll({ ...(await polls.poll('main', id)), visibility: 'host' }),
    );
    expect(await hosting.polls.close('main', id, revision)).toMatchObject({
      state: 'closed',
      visibility: 'host',
    });
  });

  it('leaves a later opening alone', async () => {
    const { id } = await polls.add('main', lunch);
    const { revision } = await polls.open('main', id, true, undefined);
    const hosting = withMeanwhile(async () => {
      await opened.store.settle(id, { opening: 1, counted: false });
      await polls.reopen('main', id, true, undefined);
    });
    expect(await hosting.polls.close('main', id, revision)).toMatchObject({ state: 'open', openings: 2 });
    expect(await opened.voting(id)).toBe('taken');
  });
});
