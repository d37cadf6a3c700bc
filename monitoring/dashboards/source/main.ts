import { writeFileSync } from 'node:fs';
import { dashboards } from './dashboards.ts';

for (const [file, text] of dashboards) writeFileSync(new URL(`../${file}`, import.meta.url), text);
