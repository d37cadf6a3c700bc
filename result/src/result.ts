export { createResultsFeed, type ResultsFeed } from './feed.ts';
export { createResultMetrics, type ResultMetrics } from './metrics.ts';
export type { Results } from './results.ts';
export { createResultServer, type ResultConfig } from './server.ts';
export { readResultSettings } from './settings.ts';
