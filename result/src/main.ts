import { runService } from '@voting/runtime';
import { explain } from '@voting/wording';
import { openResult, readResultServiceSettings } from './service.ts';

await runService('result', () => readResultServiceSettings(process.env), openResult, explain);
