import { runService } from '@voting/runtime';
import { explain } from '@voting/wording';
import { migrateStore, readMigrateSettings } from './migrate.ts';

await runService('migrate', () => readMigrateSettings(process.env), migrateStore, explain);
