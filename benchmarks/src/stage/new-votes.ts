import type { QueuedVote } from '@voting/core';
import { createVoterIds } from '@voting/vote';

const newId = createVoterIds();

/** A batch of votes by voters who come now, with ids as the product makes them. */
export function newVotes(count: number): QueuedVote[] {
  return Array.from({ length: count }, (_, index) => ({
    poll: 'main',
    voter: newId(),
    option: index % 2 === 0 ? 'a' : 'b',
    sequence: BigInt(index + 1),
  }));
}
