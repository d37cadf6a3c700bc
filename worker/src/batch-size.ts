/** How many votes go into one transaction. */
export interface BatchSize {
  readonly votes: number;
  /** A transaction of so many votes took so long. */
  succeeded(votes: number, ms: number): void;
  failed(votes: number): void;
}

/** A transaction that takes longer is not made larger. It is far below every deadline of the store. */
const longEnoughMs = 1_000;

/**
 * As many as `most`. When the store does not take that many in time it is half as many, and half of that,
 * down to a single one: there is no backlog that cannot be counted. When they are taken quickly again it
 * grows. A store that is only away is offered less in vain, which costs a few small transactions when it is
 * back.
 */
export function createBatchSize(most: number): BatchSize {
  let size = most;
  return {
    get votes() {
      return size;
    },
    succeeded(votes, ms) {
      if (votes >= size && ms < longEnoughMs) size = Math.min(most, size * 2);
    },
    failed(votes) {
      size = Math.max(1, Math.min(size, Math.floor(votes / 2)));
    },
  };
}
