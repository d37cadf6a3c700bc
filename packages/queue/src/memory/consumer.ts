import { setImmediate } from 'node:timers/promises';
import { type Delivery, type VoteConsumer, VotingError } from '@voting/core';
import type { EntryList } from './entries.ts';

/** Where entries go that can never be counted. */
export interface MemoryDeadLetters {
  add(delivery: Delivery, reason: string): void;
  readonly count: number;
}

/** One taker of `entries`; what it holds when it is closed goes back to the others. */
export function createMemoryConsumer(entries: EntryList, deadLetters: MemoryDeadLetters): VoteConsumer {
  const held = new Set<string>();
  let stopWaiting: (() => void) | undefined;
  let closed = false;

  return {
    async read(limit, waitMs) {
      if (closed) return [];
      const arrival = entries.arrival(waitMs);
      stopWaiting = arrival.wake;
      await arrival.promise;
      // What has reached the process meanwhile joins this batch, or each vote would get its own commit. Two
      // turns, because the vote service takes two to see whether a voter is still there.
      await setImmediate();
      await setImmediate();
      if (closed) return [];
      const deliveries = entries.take(limit);
      for (const { receipt } of deliveries) held.add(receipt);
      return deliveries;
    },
    hasMore: () => entries.waiting > 0,
    async ack(deliveries) {
      for (const { receipt } of deliveries) {
        held.delete(receipt);
        entries.settle(receipt);
      }
    },
    async bury(delivery, reason) {
      deadLetters.add(delivery, reason);
      held.delete(delivery.receipt);
      entries.settle(delivery.receipt, new VotingError('vote_unstorable', { detail: reason }));
    },
    async backlog() {
      return { pending: entries.size, oldestAgeMs: entries.oldestAgeMs(), deadLetters: deadLetters.count };
    },
    async close() {
      closed = true;
      stopWaiting?.();
      entries.putBack(held);
      held.clear();
    },
  };
}
