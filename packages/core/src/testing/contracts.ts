export { describeGates } from './gates-contract.ts';
export { openGate } from './open-gate.ts';
export { describePollStore } from './poll-store-contract.ts';
export { describeVoteQueue, type QueueUnderTest } from './queue-contract.ts';
export { describeVoteStore, type StoreUnderTest } from './store-contract.ts';
