export { type ErrorCode, isPassing, sentences, VotingError } from './errors.ts';
export { definePoll, InvalidPoll, isPollId, type Option, type Poll, readPoll } from './poll.ts';
export type { Backlog, Delivery, VoteConsumer, VoteQueue } from './ports/queue.ts';
export type { Difference, PipelineReading, Recorded, Snapshot, VoteStore } from './ports/store.ts';
export { redefine } from './redefinition.ts';
export {
  castAt,
  entryAt,
  mostEntriesInMillisecond,
  mostVotesInEntry,
  type Sequence,
  sequenceAt,
} from './sequence.ts';
export { emptyTally, sameTally, type Tally } from './tally.ts';
export { isVoterId, type QueuedVote, type Vote } from './vote.ts';
