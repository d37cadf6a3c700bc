import type { Delivery, QueuedVote } from '@voting/core';

export interface Entry {
  readonly vote: QueuedVote;
  /** When it was appended, on the clock of `performance.now()`. */
  readonly since: number;
  /** Whether a consumer has had it before. */
  again: boolean;
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
  /** In the order of their sequences. */
  #waiting = new Set<Entry>();
  /** In the order in which they were taken. */
  readonly #taken = new Set<Entry>();
  readonly #wakeups = new Set<() => void>();
  readonly #onSettled = new Set<() => void>();

  get size(): number {
    return this.#waiting.size + this.#taken.size;
  }

  /** How many no consumer has in hand. */
  get waiting(): number {
    return this.#waiting.size;
  }

  push(entry: Entry): void {
    this.#waiting.add(entry);
    for (const wake of this.#wakeups) wake();
  }

  take(limit: number): Delivery[] {
    const deliveries: Delivery[] = [];
    const now = performance.now();
    for (const entry of this.#waiting) {
      if (deliveries.length >= limit) break;
      this.#waiting.delete(entry);
      this.#taken.add(entry);
      const { vote, since, again } = entry;
      deliveries.push({ ...vote, receipt: entry, again, waitedMs: now - since });
      entry.again = true;
    }
    return deliveries;
  }

  /** Returns what a consumer did not finish to its old place in the order. */
  putBack(entries: Iterable<Entry>): void {
    for (const entry of entries) {
      if (this.#taken.delete(entry)) this.#waiting.add(entry);
    }
    const inOrder = [...this.#waiting].sort((one, other) =>
      one.vote.sequence < other.vote.sequence ? -1 : 1,
    );
    this.#waiting = new Set(inOrder);
    for (const wake of this.#wakeups) wake();
  }

  settle(entry: Entry, error?: Error): void {
    if (!this.#taken.delete(entry)) return;
    entry.settle(error);
    this.#tellWhenEmpty();
  }

  withdraw(entry: Entry): void {
    if (this.#waiting.delete(entry)) this.#tellWhenEmpty();
  }

  /** Whether there is any of this poll. */
  hold(poll: string): boolean {
    return [this.#waiting, this.#taken].some((entries) =>
      entries.values().some(({ vote }) => vote.poll === poll),
    );
  }

  /** Milliseconds since the oldest was appended. */
  oldestAgeMs(): number | undefined {
    const [first] = this.#waiting;
    const [taken] = this.#taken;
    const since = [first, taken].flatMap((entry) => entry?.since ?? []);
    return since.length === 0 ? undefined : performance.now() - Math.min(...since);
  }

  /** Resolves when something may wait, `ms` have passed, or `wake` is called. */
  arrival(ms: number): { readonly promise: Promise<void>; wake(): void } {
    if (this.#waiting.size > 0) return { promise: Promise.resolve(), wake() {} };
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
