import { runService } from '@voting/runtime';
import { openResult, readResultServiceSettings } from './service.ts';

await runService('result', () => readResultServiceSettings(process.env), openResult);
