import type { QueuedVote } from '@voting/core';

/** The votes of one poll in a batch: the same place in each list. */
export interface PollBatch {
  readonly poll: string;
  readonly voters: readonly string[];
  readonly options: readonly string[];
  readonly sequences: readonly bigint[];
}

/**
 * The newest vote of each voter of each poll, sorted by poll and voter. One statement may touch a row only once, and two
 * workers that lock rows in the same order cannot deadlock.
 *
 * @param storedAs the id under which a poll stores a voter
 */
export function batchesOf(
  votes: readonly QueuedVote[],
  storedAs: (poll: string, voter: string) => string = (_, voter) => voter,
): readonly PollBatch[] {
  const byPoll = [...Map.groupBy(votes, ({ poll }) => poll)].sort(([one], [other]) => (one < other ? -1 : 1));
  return byPoll.map(([poll, own]) => {
    const newest = new Map<string, QueuedVote>();
    for (const vote of own) {
      const voter = storedAs(poll, vote.voter);
      const other = newest.get(voter);
      if (other === undefined || other.sequence < vote.sequence) newest.set(voter, vote);
    }
    const voters = [...newest.keys()].sort();
    const inOrder = voters.map((voter) => newest.get(voter) as QueuedVote);
    return {
      poll,
      voters,
      options: inOrder.map(({ option }) => option),
      sequences: inOrder.map(({ sequence }) => sequence),
    };
  });
}
