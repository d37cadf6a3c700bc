import { runService } from '@voting/runtime';
import { explain } from '@voting/wording';
import { openEmbedded } from './embedded.ts';
import { readEmbeddedSettings } from './settings.ts';

await runService('voting-app', () => readEmbeddedSettings(process.env), openEmbedded, explain);
