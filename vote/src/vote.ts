export { createVoteMetrics, type VoteMetrics } from './metrics.ts';
export { createVoteServer, type VoteConfig } from './server.ts';
