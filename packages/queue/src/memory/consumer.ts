import { setImmediate } from 'node:timers/promises';
import { type Closing, type Delivery, type VoteConsumer, VotingError } from '@voting/core';
import type { Entry, EntryList } from './entries.ts';
import type { MemoryGates } from './gates.ts';

/** Where entries go that can never be counted. */
export interface MemoryDeadLetters {
  add(delivery: Delivery, reason: string): void;
  readonly count: number;
}

/** One taker of `entries`; what it holds when it is closed goes back to the others. */
export function createMemoryConsumer(
  entries: EntryList,
  gates: MemoryGates,
  deadLetters: MemoryDeadLetters,
): VoteConsumer {
  const held = new Set<Entry>();
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
      for (const delivery of deliveries) held.add(entryOf(delivery));
      return deliveries;
    },
    hasMore: () => entries.waiting > 0,
    async ack(deliveries) {
      for (const delivery of deliveries) {
        const entry = entryOf(delivery);
        held.delete(entry);
        entries.settle(entry);
      }
    },
    async bury(delivery, reason) {
      deadLetters.add(delivery, reason);
      const entry = entryOf(delivery);
      held.delete(entry);
      entries.settle(entry, new VotingError('vote_unstorable', { detail: reason }));
    },
    async backlog() {
      return { pending: entries.size, oldestAgeMs: entries.oldestAgeMs(), deadLetters: deadLetters.count };
    },
    async closings(polls) {
      const closings = new Map<string, Closing>();
      for (const poll of polls) {
        const opening = gates.closed(poll);
        if (opening !== undefined) closings.set(poll, { opening, counted: !entries.hold(poll) });
      }
      return closings;
    },
    async close() {
      closed = true;
      stopWaiting?.();
      entries.putBack(held);
      held.clear();
    },
  };
}

function entryOf({ receipt }: Delivery): Entry {
  // a delivery comes back to the consumer that made it, or means nothing
  return receipt as Entry;
}
