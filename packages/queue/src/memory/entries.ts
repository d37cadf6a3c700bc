import type { Backlog, Delivery } from '@voting/core';
import { castAt } from '@voting/core';

export interface Entry {
  readonly delivery: Delivery;
  /** Tells whoever appended the vote how it ended. */
  settle(error?: Error): void;
}

/**
 * All entries that are not settled, each either waiting or in the hands of one consumer.
 *
 *   push ──▶ waiting ──take──▶ taken ──settle──▶ gone
 *               │ ▲              │
 *       withdraw│ └──putBack─────┘
 *               ▼
 *              gone
 */
export class EntryList {
  #waiting: Entry[] = [];
  readonly #taken = new Map<string, Entry>();
  readonly #wakeups = new Set<() => void>();
  readonly #onSettled = new Set<() => void>();

  get size(): number {
    return this.#waiting.length + this.#taken.size;
  }

  push(entry: Entry): void {
    this.#waiting.push(entry);
    for (const wake of this.#wakeups) wake();
  }

  take(limit: number): Delivery[] {
    const entries = this.#waiting.splice(0, limit);
    for (const entry of entries) this.#taken.set(entry.delivery.receipt, entry);
    return entries.map(({ delivery }) => delivery);
  }

  /** Returns what a consumer did not finish to its old place in the order. */
  putBack(receipts: Iterable<string>): void {
    for (const receipt of receipts) {
      const entry = this.#taken.get(receipt);
      if (entry === undefined) continue;
      this.#taken.delete(receipt);
      this.#waiting.push(entry);
    }
    this.#waiting.sort((one, other) => (one.delivery.sequence < other.delivery.sequence ? -1 : 1));
    for (const wake of this.#wakeups) wake();
  }

  settle(receipt: string, error?: Error): void {
    const entry = this.#taken.get(receipt);
    if (entry === undefined) return;
    this.#taken.delete(receipt);
    entry.settle(error);
    this.#tellWhenEmpty();
  }

  withdraw(entry: Entry): void {
    const place = this.#waiting.indexOf(entry);
    if (place < 0) return;
    this.#waiting.splice(place, 1);
    this.#tellWhenEmpty();
  }

  backlog(): Backlog {
    const first = this.#waiting[0]?.delivery ?? undefined;
    const [taken] = this.#taken.values();
    const oldest = [first, taken?.delivery]
      .filter((one) => one !== undefined)
      .map(({ sequence }) => castAt(sequence));
    return { pending: this.size, oldestAt: oldest.length === 0 ? undefined : Math.min(...oldest) };
  }

  /** Resolves when something may wait, `ms` have passed, or `wake` is called. */
  arrival(ms: number): { readonly promise: Promise<void>; wake(): void } {
    if (this.#waiting.length > 0) return { promise: Promise.resolve(), wake() {} };
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => {
      clearTimeout(timer);
      this.#wakeups.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    this.#wakeups.add(wake);
    return { promise, wake };
  }

  /** Resolves when no entry is left. */
  settled(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onSettled.add(resolve));
  }

  #tellWhenEmpty(): void {
    if (this.size > 0) return;
    for (const resolve of this.#onSettled) resolve();
    this.#onSettled.clear();
  }
}
