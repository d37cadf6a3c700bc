import { runService } from '@voting/runtime';
import { openVote, readVoteServiceSettings } from './service.ts';

await runService('vote', () => readVoteServiceSettings(process.env), openVote);
