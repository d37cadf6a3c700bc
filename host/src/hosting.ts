import { type Announcements, announceChanges, isPassing, type PollStore, type VoteStore } from '@voting/core';
import type { Troubles } from '@voting/runtime';
import { createPolls, type Polls } from './polls.ts';
import { createRooms, type Rooms } from './rooms.ts';

export interface HostingDeps {
  readonly store: PollStore & Pick<VoteStore, 'snapshot'>;
  readonly announcements: Announcements;
  readonly troubles: Troubles;
}

/**
 * What hosts do, over the store and the queue. Whatever changes is kept first and announced then. What cannot be announced
 * at once a worker announces later, so only closing needs the queue.
 */
export interface Hosting {
  readonly rooms: Rooms;
  readonly polls: Polls;
}

/** Every method of what it makes fails with `VotingError` `store_unavailable`, and those that change something change nothing then. */
export function createHosting({ store, announcements, troubles }: HostingDeps): Hosting {
  async function makeKnown(): Promise<void> {
    try {
      await announceChanges(store, announcements);
    } catch (error) {
      if (!isPassing(error)) throw error;
      troubles('a change is kept, and not announced yet', error);
    }
  }

  return {
    rooms: createRooms({ store, makeKnown }),
    polls: createPolls({ store, gates: announcements.gates, makeKnown }),
  };
}
