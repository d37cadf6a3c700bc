import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Definition, definitionOfPoll, definitionOfRoom } from '../definition.ts';
import type { HostedPoll } from '../hosted-poll.ts';
import type { Directory } from '../ports/directory.ts';
import type { Room } from '../room.ts';
import { openPoll } from './open-poll.ts';
import type { QueueUnderTest } from './queue-contract.ts';

const hall: Room = { id: '204817', title: 'The hall', on: undefined, revision: 1 };
const lunch: HostedPoll = { ...openPoll('lunch', 'Was gibt es?', ['Pizza', 'Curry 🍛']), room: hall.id };

/** What every queue must do that makes rooms and polls known; `open` makes a new one for each test, which knows none. */
export function describeDefinitions(adapter: string, open: () => Promise<QueueUnderTest>): void {
  describe(`Definitions contract: ${adapter}`, () => {
    let under: QueueUnderTest;
    let directory: Directory;

    beforeEach(async () => {
      under = await open();
      directory = await under.directory();
    });
    afterEach(() => under.close());

    const post = (...definitions: Definition[]) => under.announcements.definitions.post(definitions);
    const soon = { timeout: 10_000, interval: 20 };

    it('knows nothing at first, and is current all the same', () => {
      expect([directory.isCurrent, directory.rooms(), directory.poll('lunch')]).toEqual([
        true,
        [],
        undefined,
      ]);
      expect(Math.abs(directory.now() - Date.now())).toBeLessThan(10_000);
    });

    it('tells of rooms and polls with all that they are', async () => {
      const [opensAt, closesAt] = [Date.UTC(2026, 10, 30), Date.UTC(2026, 11, 1)];
      const scheduled = { ...lunch, opensAt, closesAt, visibility: 'closed' } as const;
      await post(definitionOfRoom({ ...hall, on: 'lunch' }), definitionOfPoll(scheduled));
      await expect.poll(() => directory.poll('lunch'), soon).toEqual(scheduled);
      expect(directory.room(hall.id)).toEqual({ ...hall, on: 'lunch' });
      expect(directory.rooms()).toEqual([{ ...hall, on: 'lunch' }]);
      expect(directory.room('lunch')).toBeUndefined();
    });

    it('takes the higher revision, in whatever order they come', async () => {
      await post(definitionOfPoll({ ...lunch, revision: 3, place: 3 }));
      await post(
        definitionOfPoll({ ...lunch, revision: 2, place: 2 }),
        definitionOfPoll({ ...lunch, revision: 3, place: 33 }),
      );
      await post(definitionOfRoom(hall));
      await expect.poll(() => directory.room(hall.id), soon).toBeDefined();
      expect(directory.poll('lunch')?.place).toBe(3);
      await post(definitionOfPoll({ ...lunch, revision: 10, place: 10 }));
      await expect.poll(() => directory.poll('lunch')?.place, soon).toBe(10);
    });

    it('forgets what is removed, also when old news of it comes late', async () => {
      await post(definitionOfPoll(lunch), definitionOfRoom(hall));
      await expect.poll(() => directory.poll('lunch'), soon).toBeDefined();
      await post({ kind: 'poll', id: 'lunch', revision: 2, poll: undefined });
      await post({ kind: 'room', id: hall.id, revision: 2, room: undefined });
      await post(definitionOfPoll(lunch), definitionOfRoom(hall));
      await expect.poll(() => directory.rooms(), soon).toEqual([]);
      expect(directory.poll('lunch')).toBeUndefined();
      const late = await under.directory();
      expect([late.rooms(), late.poll('lunch')]).toEqual([[], undefined]);
    });

    it('tells somebody who comes later all there is, and of more changes than anybody keeps', async () => {
      const polls = Array.from({ length: 1_000 }, (_, i) => ({ ...lunch, id: `poll-${i}` }));
      await post(...polls.map(definitionOfPoll));
      const late = await under.directory();
      expect(polls.every(({ id }) => late.poll(id) !== undefined)).toBe(true);
      for (let revision = 2; revision <= 6; revision++) {
        await post(...polls.map((poll) => definitionOfPoll({ ...poll, revision })));
      }
      for (const one of [directory, late]) {
        await expect
          .poll(() => new Set(polls.map(({ id }) => one.poll(id)?.revision)), soon)
          .toEqual(new Set([6]));
      }
    });
  });
}
