export { describeDefinitions } from './definitions-contract.ts';
export { directoryOf } from './directory-of.ts';
export { describeGates } from './gates-contract.ts';
export { openGate } from './open-gate.ts';
export { definitionsOf, openPoll } from './open-poll.ts';
export { describePollStore } from './poll-store-contract.ts';
export { describeVoteQueue, type QueueUnderTest } from './queue-contract.ts';
export { describeVoteStore, type StoreUnderTest } from './store-contract.ts';
