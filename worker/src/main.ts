import { runService } from '@voting/runtime';
import { openWorker, readWorkerServiceSettings } from './service.ts';

await runService('worker', () => readWorkerServiceSettings(process.env), openWorker);
