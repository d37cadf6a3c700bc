import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Announcements, VotingError } from '@voting/core';
import { createMemoryQueue } from '@voting/queue/memory';
import { openSqliteStore } from '@voting/store/sqlite';
import { vi } from 'vitest';
import { createHosting } from '../src/hosting.ts';

/** Hosting over a real store in a folder and a queue in memory, which can be made not to answer. */
export async function openHosting() {
  const folder = await mkdtemp(join(tmpdir(), 'hosting-'));
  const store = await openSqliteStore(folder);
  const queue = createMemoryQueue({ capacity: 100, deadlineMs: 200, after: 0n });
  let answers = true;

  function whileAnswering<Args extends unknown[], Outcome>(work: (...args: Args) => Promise<Outcome>) {
    return async (...args: Args) => {
      if (!answers) throw new VotingError('queue_unavailable');
      return work(...args);
    };
  }

  const { gates, definitions } = queue.announcements;
  const announcements: Announcements = {
    gates: { post: whileAnswering(gates.post), remove: whileAnswering(gates.remove) },
    definitions: { post: whileAnswering(definitions.post) },
  };
  const troubles = vi.fn();
  return {
    ...createHosting({ store, announcements, troubles }),
    store,
    queue,
    announcements,
    troubles,
    setQueue(answering: boolean) {
      answers = answering;
    },
    /** What the queue says to a vote for a poll: taken, when it waits to be counted. */
    async voting(poll: string): Promise<string> {
      return queue.append({ poll, voter: 'v'.repeat(22), option: 'a' }).then(
        () => 'taken',
        (error: VotingError) => (error.code === 'queue_unavailable' ? 'taken' : error.code),
      );
    },
    async close() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

export type OpenHosting = Awaited<ReturnType<typeof openHosting>>;
