import { runService } from '@voting/runtime';
import { explain } from '@voting/wording';
import { openWorker, readWorkerServiceSettings } from './service.ts';

await runService('worker', () => readWorkerServiceSettings(process.env), openWorker, explain);
