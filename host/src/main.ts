import { runService } from '@voting/runtime';
import { explain } from '@voting/wording';
import { openHost, readHostServiceSettings } from './service.ts';

await runService('host', () => readHostServiceSettings(process.env), openHost, explain);
