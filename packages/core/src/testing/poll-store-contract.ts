import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftOf, type HostedPoll, moved } from '../hosted-poll.ts';
import { definePoll } from '../poll.ts';
import { mainRoom, type Room } from '../room.ts';
import type { StoreUnderTest } from './store-contract.ts';

const cats = definePoll('main', 'Cats vs Dogs!', ['Cats', 'Dogs']);
const pizza = definePoll('main', 'Pizza or curry?', ['Pizza', 'Curry']);
const lunch = definePoll('lunch', 'What shall we eat?', ['Pizza', 'Curry']);
const hall: Room = { id: '204817', title: 'The hall', on: undefined, revision: 0 };

/** What every adapter must do that keeps rooms and polls; `open` makes a new empty store for each test. */
export function describePollStore(adapter: string, open: () => Promise<StoreUnderTest>): void {
  describe(`PollStore contract: ${adapter}`, () => {
    let under: StoreUnderTest;
    let store: StoreUnderTest['store'];

    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.close());

    const castIn = (poll: string) => store.record([{ poll, voter: 'v1', option: 'a', sequence: 1n }], 0);

    it('begins with the main room, in which nothing is on', async () => {
      expect(await store.rooms()).toEqual([{ id: mainRoom, title: '', on: undefined, revision: 1 }]);
      expect(await store.polls()).toEqual([]);
    });

    it('opens a declared poll in the main room, and leaves on what is on there', async () => {
      const kept: HostedPoll = { ...moved(draftOf(cats, mainRoom, 0), 'open'), revision: 1 };
      expect(await store.declare(cats)).toEqual(kept);
      expect(await store.declare(cats)).toEqual(kept);
      await store.declare(lunch);
      expect(await store.rooms()).toMatchObject([{ on: 'main', revision: 2 }]);
      expect((await store.polls(mainRoom)).map(({ id }) => id)).toEqual(['lunch', 'main']);
    });

    it('keeps what the votes of a poll stand for, which may change until there is one', async () => {
      expect(await store.declare(cats)).toMatchObject(cats);
      expect(await store.declare(pizza)).toMatchObject({ ...pizza, revision: 2 });
      await castIn('main');
      await expect(store.declare(cats)).rejects.toMatchObject({
        code: 'poll_differs',
        detail: expect.stringContaining('"Pizza or curry?"'),
      });
      expect(await store.declare(pizza)).toMatchObject({ ...pizza, revision: 2 });
    });

    it('adds options to a poll that has votes, and takes none away', async () => {
      const birds = definePoll('main', cats.question, ['Cats', 'Dogs', 'Birds']);
      expect(await store.poll('main')).toBeUndefined();
      await store.declare(cats);
      await castIn('main');
      expect(await store.declare(birds)).toMatchObject(birds);
      expect(await store.declare(cats)).toMatchObject(birds);
      expect(await store.poll('main')).toMatchObject(birds);
    });

    it('takes votes that are older than its knowledge of their poll for votes of it', async () => {
      await castIn('main');
      expect(await store.declare(cats)).toMatchObject(cats);
      await expect(store.declare(pizza)).rejects.toMatchObject({ code: 'poll_differs' });
    });

    it('leaves a poll that a host has closed as it is when it is declared again', async () => {
      const closed = await store.keepPoll(moved(await store.declare(cats), 'closed'));
      expect(await store.declare(cats)).toEqual(closed);
    });

    it('is declared by many at once', async () => {
      const declared = await Promise.all(Array.from({ length: 8 }, () => store.declare(cats)));
      expect(new Set(declared.map(({ revision }) => revision))).toEqual(new Set([1]));
      expect(await store.rooms()).toMatchObject([{ on: 'main', revision: 2 }]);
    });

    it('keeps a poll with all that a host can set, and its changes', async () => {
      await store.keepRoom(hall);
      const draft: HostedPoll = {
        ...draftOf(lunch, hall.id, 3),
        visibility: 'host',
        opensAt: Date.UTC(2026, 10, 30, 20),
        closesAt: Date.UTC(2026, 10, 30, 20, 5),
      };
      const kept = await store.keepPoll(draft);
      expect(kept).toEqual({ ...draft, revision: 1 });
      const open = await store.keepPoll(moved(kept, 'open'));
      expect(open).toEqual({ ...draft, state: 'open', openings: 1, revision: 2 });
      const reopened = await store.keepPoll(moved(await store.keepPoll(moved(open, 'closed')), 'open'));
      expect(reopened).toMatchObject({ state: 'open', openings: 2, revision: 4 });
      expect(await store.poll('lunch')).toEqual(reopened);
      expect(await store.poll('lunch')).toMatchObject({ opensAt: undefined, closesAt: undefined });
    });

    it('has the polls of a room in the order of their places', async () => {
      await store.keepRoom(hall);
      for (const [id, place] of Object.entries({ first: 1, third: 3, second: 2, another: 2 })) {
        await store.keepPoll(draftOf({ ...lunch, id }, hall.id, place));
      }
      await store.declare(cats);
      expect((await store.polls(hall.id)).map(({ id }) => id)).toEqual([
        'first',
        'another',
        'second',
        'third',
      ]);
      expect(await store.polls()).toHaveLength(5);
      expect(await store.polls('nowhere')).toEqual([]);
    });

    it('refuses who has not seen the latest change, and keeps that', async () => {
      const seen = await store.declare(cats);
      const changed = await store.keepPoll({ ...seen, visibility: 'host' });
      await expect(store.keepPoll({ ...seen, visibility: 'closed' })).rejects.toMatchObject({
        code: 'changed_meanwhile',
        detail: 'poll main',
      });
      await expect(store.keepPoll(draftOf(pizza, mainRoom, 0))).rejects.toMatchObject({
        code: 'changed_meanwhile',
      });
      expect(await store.poll('main')).toEqual(changed);
      const [room] = (await store.rooms()) as [Room];
      await store.keepRoom({ ...room, title: 'Tonight' });
      await expect(store.keepRoom({ ...room, title: 'Tomorrow' })).rejects.toMatchObject({
        code: 'changed_meanwhile',
      });
      expect(await store.rooms()).toMatchObject([{ title: 'Tonight' }]);
    });

    it('lets one of many who change the same thing at once have it', async () => {
      const seen = await store.declare(cats);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, place) => store.keepPoll({ ...seen, place })),
      );
      const kept = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(kept).toHaveLength(1);
      expect(await store.poll('main')).toEqual(kept[0]);
    });

    it('keeps what is on in a room, which must be a poll of it', async () => {
      const room = await store.keepRoom(hall);
      await store.declare(cats);
      for (const on of ['main', 'unheard-of']) {
        await expect(store.keepRoom({ ...room, on })).rejects.toMatchObject({
          code: 'poll_unknown',
          detail: on,
        });
      }
      await store.keepPoll(draftOf(lunch, hall.id, 0));
      const showing = await store.keepRoom({ ...room, on: 'lunch' });
      expect(showing).toEqual({ ...hall, on: 'lunch', revision: 2 });
      await store.keepRoom({ ...showing, on: undefined });
      expect(await store.rooms()).toMatchObject([{ id: hall.id, on: undefined }, { id: mainRoom }]);
    });

    it('notes that a poll is over, and final when all is counted, until it is opened again', async () => {
      const open = await store.declare(cats);
      await store.keepPoll(draftOf(lunch, mainRoom, 0));
      expect(await store.unsettled()).toEqual(['main']);
      expect(await store.settle('main', { opening: 1, counted: false })).toBe(true);
      expect(await store.settle('main', { opening: 1, counted: false })).toBe(false);
      expect(await store.poll('main')).toEqual({ ...open, state: 'closed', revision: 2 });
      expect(await store.unsettled()).toEqual(['main']);
      expect(await store.settle('main', { opening: 1, counted: true })).toBe(true);
      expect(await store.settle('main', { opening: 1, counted: true })).toBe(false);
      const over = (await store.poll('main')) as HostedPoll;
      expect(over).toEqual({ ...open, state: 'closed', final: true, revision: 3 });
      expect(await store.unsettled()).toEqual([]);

      const again = await store.keepPoll(moved(over, 'open'));
      expect(again).toMatchObject({ state: 'open', openings: 2, final: false });
      // news of the former opening that has been under way for too long
      expect(await store.settle('main', { opening: 1, counted: true })).toBe(false);
      expect(await store.poll('main')).toEqual(again);
      expect(await store.unsettled()).toEqual(['main']);
      expect(await store.settle('unheard-of', { opening: 1, counted: true })).toBe(false);
    });

    it('keeps no poll in a room that does not exist', async () => {
      await expect(store.keepPoll(draftOf(lunch, 'nowhere', 0))).rejects.toMatchObject({
        code: 'room_unknown',
      });
      expect(await store.polls()).toEqual([]);
    });
  });
}
