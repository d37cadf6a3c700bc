import type { Delivery, Poll, PollStore } from '@voting/core';

/** The polls whose votes are counted: those that are in the store, as far as somebody has voted in them. */
export interface KnownPolls {
  /** Whether the vote is for an option of a poll that is known. */
  knows(delivery: Delivery): boolean;
  knowsPoll(id: string): boolean;
  /**
   * Asks the store for what these votes are for, as somebody may have declared it since.
   *
   * @throws {VotingError} `store_unavailable`
   */
  learnFrom(deliveries: readonly Delivery[]): Promise<void>;
}

/** Whoever writes to the queue can name any poll, and nobody holds this many at a time. */
const mostKept = 1_000;

export function createKnownPolls(store: Pick<PollStore, 'poll'>): KnownPolls {
  const options = new Map<string, ReadonlySet<string>>();

  function keep(poll: Poll): void {
    options.delete(poll.id);
    options.set(poll.id, new Set(poll.options.map(({ id }) => id)));
    if (options.size <= mostKept) return;
    const [oldest] = options.keys();
    options.delete(oldest as string);
  }

  return {
    knowsPoll: (id) => options.has(id),
    knows: ({ poll, option }) => options.get(poll)?.has(option) === true,
    async learnFrom(deliveries) {
      for (const id of new Set(deliveries.map(({ poll }) => poll))) {
        const poll = await store.poll(id);
        if (poll !== undefined) keep(poll);
      }
    },
  };
}
