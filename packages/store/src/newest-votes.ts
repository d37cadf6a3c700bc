import type { QueuedVote } from '@voting/core';

/**
 * The newest vote of each voter, sorted by voter. One statement may touch a row only once, and two
 * workers that lock rows in the same order cannot deadlock.
 */
export function newestVotes(votes: readonly QueuedVote[]): readonly QueuedVote[] {
  const newest = new Map<string, QueuedVote>();
  for (const vote of votes) {
    const other = newest.get(vote.voter);
    if (other === undefined || other.sequence < vote.sequence) newest.set(vote.voter, vote);
  }
  return [...newest.values()].sort((one, other) => (one.voter < other.voter ? -1 : 1));
}
