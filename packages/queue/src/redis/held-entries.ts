import type { Delivery } from '@voting/core';
import { type Entry, placeOf } from './entries.ts';
import { votesIn } from './record-batch.ts';

/** An entry that was delivered here, and which of its votes are still to be acknowledged or buried. */
export interface HeldEntry {
  readonly stream: string;
  readonly id: string;
  /** How many votes are in it. */
  readonly votes: number;
  /** The places in the entry of those that are not settled. */
  readonly open: Set<number>;
  /** On the clock of `performance.now()`. */
  readonly since: number;
}

/** What the receipt of a delivery is. */
interface Receipt {
  readonly entry: HeldEntry;
  readonly index: number;
}

export interface HeldEntries {
  /** Takes an entry apart. */
  hold(stream: string, entry: Entry, again: boolean, waitedMs: number): readonly Delivery[];
  /** Notes that a vote is counted or set aside. @returns its entry, when nothing in that is open any more */
  settle(delivery: Delivery): HeldEntry | undefined;
  /** How many votes are settled of which Redis does not know, because others of their entries are not. */
  settledEarly(): number;
}

/**
 * Redis acknowledges whole entries, so somebody has to remember which of their votes are settled. Nobody but the
 * deliveries keeps an entry: what another consumer has taken over is forgotten with them.
 *
 * @param claimIdleMs after which others may have taken over what is still partly open
 */
export function createHeldEntries(claimIdleMs: number): HeldEntries {
  const partly = new Set<HeldEntry>();

  return {
    hold(stream, entry, again, waitedMs) {
      const [id, fields] = entry;
      const votes = votesIn(fields ?? []);
      const { first, putBack } = placeOf(entry);
      const open = new Set(votes.keys());
      const held: HeldEntry = { stream, id, votes: votes.length, open, since: performance.now() };
      return votes.map((vote, index) => {
        const receipt: Receipt = { entry: held, index };
        return { ...vote, sequence: first + BigInt(index), receipt, again: again || putBack, waitedMs };
      });
    },
    settle(delivery) {
      const { entry, index } = receiptOf(delivery);
      entry.open.delete(index);
      if (entry.open.size > 0) {
        partly.add(entry);
        return undefined;
      }
      partly.delete(entry);
      return entry;
    },
    settledEarly() {
      let votes = 0;
      for (const entry of partly) {
        if (performance.now() - entry.since > claimIdleMs) partly.delete(entry);
        else votes += entry.votes - entry.open.size;
      }
      return votes;
    },
  };
}

/** The entry that a delivery came from. */
export function entryOf(delivery: Delivery): HeldEntry {
  return receiptOf(delivery).entry;
}

/** Whether the vote is neither acknowledged nor buried. */
export function isOpen(delivery: Delivery): boolean {
  const { entry, index } = receiptOf(delivery);
  return entry.open.has(index);
}

function receiptOf({ receipt }: Delivery): Receipt {
  // a delivery comes back to the consumer that made it, or means nothing
  return receipt as Receipt;
}
