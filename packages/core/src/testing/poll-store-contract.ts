import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftOf, type HostedPoll, moved } from '../hosted-poll.ts';
import { definePoll, type Poll } from '../poll.ts';
import type { StoreChange } from '../ports/store.ts';
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

    const declare = async (poll: Poll) => (await store.declare(poll)) as HostedPoll;
    const castIn = (poll: string) => store.record([{ poll, voter: 'v1', option: 'a', sequence: 1n }], 0);

    it('begins with the main room, in which nothing is on', async () => {
      expect(await store.rooms()).toEqual([{ id: mainRoom, title: '', on: undefined, revision: 1 }]);
      expect(await store.polls()).toEqual([]);
    });

    it('opens a declared poll in the main room, where it is on as long as no host puts on another', async () => {
      const kept: HostedPoll = { ...moved(draftOf(cats, mainRoom, 0), 'open'), revision: 1 };
      expect(await store.declare(cats)).toEqual(kept);
      expect(await store.declare(cats)).toEqual(kept);
      expect(await store.rooms()).toMatchObject([{ on: 'main', revision: 2 }]);
      await store.declare(lunch);
      expect(await store.rooms()).toMatchObject([{ on: 'lunch', revision: 3 }]);
      await store.declare(cats);
      expect(await store.rooms()).toMatchObject([{ on: 'main', revision: 4 }]);
      // what a host puts on stays, as long as nobody declares another
      const [room] = (await store.rooms()) as [Room];
      const hosts = await store.keepRoom({ ...room, on: 'lunch' });
      await store.declare(cats);
      expect(await store.rooms()).toMatchObject([{ on: 'lunch' }]);
      await store.keepRoom({ ...hosts, on: undefined });
      await store.declare(cats);
      expect(await store.rooms()).toMatchObject([{ on: 'main' }]);
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
      const closed = await store.keepPoll(moved(await declare(cats), 'closed'));
      expect(await store.declare(cats)).toEqual(closed);
    });

    it('is declared by many at once', async () => {
      const declared = await Promise.all(Array.from({ length: 8 }, () => declare(cats)));
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
      const seen = await declare(cats);
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
      const seen = await declare(cats);
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
      const open = await declare(cats);
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

    it('removes what takes no votes, for good, and turns it off', async () => {
      const draft = await store.keepPoll(draftOf(lunch, mainRoom, 1));
      const open = await declare(cats);
      await castIn('main');
      await store.removePoll(draft);
      expect((await store.polls()).map(({ id }) => id)).toEqual(['main']);
      await expect(store.keepPoll(draft)).rejects.toMatchObject({ code: 'changed_meanwhile' });
      await expect(store.keepPoll({ ...draft, revision: 0 })).rejects.toMatchObject({
        code: 'changed_meanwhile',
      });
      for (const poll of [open, await store.keepPoll(moved(open, 'closed'))]) {
        await expect(store.removePoll(poll)).rejects.toMatchObject({ code: 'poll_state' });
      }
      await store.settle('main', { opening: 1, counted: true });
      const over = (await store.poll('main')) as HostedPoll;
      await expect(store.removePoll({ ...over, revision: 1 })).rejects.toMatchObject({
        code: 'changed_meanwhile',
      });
      await store.removePoll(over);
      expect(await store.poll('main')).toBeUndefined();
      expect(await store.rooms()).toMatchObject([{ id: mainRoom, on: undefined }]);
      expect(await store.declare(cats)).toBeUndefined();
      expect(await store.unsettled()).toEqual([]);
      const kept = await under.query('SELECT question, labels FROM polls');
      expect(kept.map(({ question, labels }) => [question, labels])).toEqual([
        ['', '[]'],
        ['', '[]'],
      ]);
    });

    it('erases the votes of a removed poll in pieces, and of no other', async () => {
      const voters = Array.from({ length: 25 }, (_, i) => `v${i}`);
      for (const poll of [cats, lunch]) {
        await store.declare(poll);
        const votes = voters.map((voter) => ({ poll: poll.id, voter, option: 'a', sequence: 1n }));
        await store.record(votes, 0);
      }
      await store.settle('main', { opening: 1, counted: true });
      expect(await store.erase(10)).toBe(false);
      await store.removePoll((await store.poll('main')) as HostedPoll);
      const left = async (poll: string) => {
        const [row] = await under.query(`SELECT count(*) AS votes FROM votes WHERE poll = '${poll}'`);
        return Number(row?.votes);
      };
      expect(await store.erase(10)).toBe(true);
      expect(await left('main')).toBe(15);
      let pieces = 1;
      while (await store.erase(10)) pieces++;
      expect([await left('main'), await left('lunch'), pieces]).toEqual([0, 25, 3]);
      expect((await store.snapshot(['main', 'lunch'])).tallies).toEqual(
        new Map([
          ['main', {}],
          ['lunch', { a: 25 }],
        ]),
      );
      expect(await store.timeline('main', 0)).toEqual(new Map());
      expect([...(await store.timeline('lunch', 0)).values()]).toEqual([25]);
    });

    it('stores nothing of a removed poll that a worker has held for too long, and all that came with it', async () => {
      await store.declare(cats);
      await store.declare(lunch);
      const late = ['main', 'lunch'].map((poll) => ({ poll, voter: 'v1', option: 'a', sequence: 1n }));
      await castIn('main');
      await store.settle('main', { opening: 1, counted: true });
      await store.removePoll((await store.poll('main')) as HostedPoll);
      while (await store.erase(10));
      // another worker has counted them meanwhile, or the poll would not have been final
      expect(await store.record(late, 0)).toEqual({ added: 1, changed: 0, stale: 0 });
      expect(await store.wouldStore({ ...late[0], voter: 'v2' } as (typeof late)[0], 0)).toBe(true);
      const kept = await under.query('SELECT DISTINCT poll FROM votes');
      expect(kept).toEqual([{ poll: 'lunch' }]);
      expect((await store.snapshot(['main'])).tallies).toEqual(new Map([['main', {}]]));
      expect(await store.timeline('main', 0)).toEqual(new Map());
    });

    it('removes a room that has no polls any more, but not the main room', async () => {
      const room = await store.keepRoom(hall);
      const draft = await store.keepPoll(draftOf(lunch, hall.id, 0));
      await expect(store.removeRoom(room)).rejects.toMatchObject({ code: 'room_in_use' });
      await store.removePoll(draft);
      await expect(store.removeRoom({ ...room, revision: 7 })).rejects.toMatchObject({
        code: 'changed_meanwhile',
      });
      await store.removeRoom(room);
      const [main] = (await store.rooms()) as [Room];
      expect(await store.rooms()).toEqual([main]);
      await expect(store.removeRoom(main)).rejects.toMatchObject({ code: 'room_in_use' });
      await expect(store.keepRoom(hall)).rejects.toMatchObject({ code: 'changed_meanwhile' });
      await expect(store.keepPoll(draftOf({ ...lunch, id: 'dinner' }, hall.id, 0))).rejects.toMatchObject({
        code: 'room_unknown',
      });
    });

    it('tells what is not announced yet, and what was removed', async () => {
      const open = await declare(cats);
      const [room] = (await store.rooms()) as [Room];
      const all = [
        { kind: 'room', id: mainRoom, revision: 2, room },
        { kind: 'poll', id: 'main', revision: 1, poll: open },
      ];
      expect(await store.definitions()).toEqual(all);
      const first = await store.unannounced();
      expect(first).toEqual(all);
      const closed = await store.keepPoll(moved(open, 'closed'));
      await store.announced(first);
      const changed = { kind: 'poll', id: 'main', revision: 2, poll: closed };
      expect(await store.unannounced()).toEqual([changed]);
      await store.announced(await store.unannounced());
      expect(await store.unannounced()).toEqual([]);
      await store.settle('main', { opening: 1, counted: true });
      await store.removePoll((await store.poll('main')) as HostedPoll);
      expect(await store.unannounced()).toEqual([
        { kind: 'room', id: mainRoom, revision: 3, room: { ...room, on: undefined, revision: 3 } },
        { kind: 'poll', id: 'main', revision: 4, poll: undefined },
      ]);
      expect((await store.definitions()).map(({ kind }) => kind)).toEqual(['room']);
    });

    it('says which rooms and polls have changed, whoever changed them', async () => {
      const heard: StoreChange[] = [];
      const stop = await store.onChange((change) => heard.push(change));
      const expectHeard = async (...expected: string[]) => {
        const texts = () => heard.map((change) => ('id' in change ? `${change.of} ${change.id}` : change.of));
        await expect.poll(texts, { timeout: 5_000 }).toEqual(expected);
        heard.length = 0;
      };
      const open = await declare(cats);
      await expectHeard('poll main', 'room main');
      await store.declare(cats);
      await store.keepPoll({ ...open, place: 4 });
      await expectHeard('poll main');
      await store.settle('main', { opening: 1, counted: true });
      await expectHeard('poll main');
      await store.settle('main', { opening: 1, counted: true });
      await store.announced(await store.unannounced());
      await store.removePoll((await store.poll('main')) as HostedPoll);
      await expectHeard('poll main', 'room main');
      await stop();
    });

    it('keeps no poll in a room that does not exist', async () => {
      await expect(store.keepPoll(draftOf(lunch, 'nowhere', 0))).rejects.toMatchObject({
        code: 'room_unknown',
      });
      expect(await store.polls()).toEqual([]);
    });
  });
}
