import { runService } from '@voting/runtime';
import { explain } from '@voting/wording';
import { openVote, readVoteServiceSettings } from './service.ts';

await runService('vote', () => readVoteServiceSettings(process.env), openVote, explain);
