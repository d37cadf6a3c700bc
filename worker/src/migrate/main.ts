import { runService } from '@voting/runtime';
import { migrateStore, readMigrateSettings } from './migrate.ts';

await runService('migrate', () => readMigrateSettings(process.env), migrateStore);
