export { type Announcements, announce, announceChanges } from './announcing.ts';
export { type Definition, definitionOfPoll, definitionOfRoom } from './definition.ts';
export { type ErrorCode, errorCodes, isPassing, VotingError } from './errors.ts';
export { type Fault, type FaultCode, faultsOfText } from './fault.ts';
export { type Gate, gateOf } from './gate.ts';
export {
  type BallotKind,
  draftOf,
  type HostedPoll,
  isShown,
  moved,
  type PollState,
  pollStates,
  type Visibility,
  visibilities,
} from './hosted-poll.ts';
export { createKnownDefinitions, type KnownDefinitions } from './known-definitions.ts';
export { type Place, pollAt } from './place.ts';
export {
  definePoll,
  InvalidPoll,
  isPollId,
  mostOptions,
  type Option,
  type Poll,
} from './poll.ts';
export type { Definitions } from './ports/definitions.ts';
export type { Directory } from './ports/directory.ts';
export type { Gates } from './ports/gates.ts';
export type { PollStore } from './ports/polls.ts';
export type { Backlog, Closing, Delivery, VoteConsumer, VoteQueue } from './ports/queue.ts';
export type {
  DefinitionChange,
  Difference,
  PipelineReading,
  Recorded,
  Snapshot,
  StoreChange,
  VoteStore,
} from './ports/store.ts';
export { redefine, type TextChange } from './redefinition.ts';
export { isRoomId, mainRoom, type Room } from './room.ts';
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
