export { createVoteMetrics, type VoteMetrics } from './metrics.ts';
export { createVoteServer, type VoteConfig } from './server.ts';
export { readVoterSecret, readVoteSettings } from './settings.ts';
export { createVoterIds } from './voter-id.ts';
