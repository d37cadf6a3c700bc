import { addressOf, createViews, serveAssets } from '@voting/pages';
import { createHttpServer, type Log, type Server } from '@voting/runtime';
import { countOf, describePipeline, describeStanding, pollKey, shares } from './browser/standing.ts';
import type { ResultsFeed } from './feed.ts';
import type { ResultMetrics } from './metrics.ts';
import { attachViewers } from './viewers.ts';

export interface ResultConfig {
  /** Where votes are cast: an address, `:8080` for a port of the same host, or nowhere. */
  readonly voteUrl: string | undefined;
  readonly trustProxy: string | false;
}

export interface ResultDeps {
  readonly feed: ResultsFeed;
  readonly metrics: ResultMetrics;
  readonly log: Log;
}

/** The result service: a live page, the same as JSON, and Socket.IO for whoever follows along. */
export function createResultServer(config: ResultConfig, { feed, metrics, log }: ResultDeps): Server {
  const server = createHttpServer({ bodyLimit: 1_024, trustProxy: config.trustProxy }, log);
  const assets = serveAssets(server, [
    new URL('../assets/', import.meta.url),
    new URL('./browser/', import.meta.url),
  ]);
  const views = createViews(new URL('./views/', import.meta.url));
  const viewers = attachViewers(server.server, feed, metrics);
  server.addHook('preClose', async () => viewers.close());

  server.get('/', async (request, reply) => {
    const results = feed.current();
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
    return reply.send(
      views('result', {
        results,
        pollKey: pollKey(results),
        percents: shares(results.options.map(({ votes }) => votes)),
        standing: describeStanding(results),
        pipeline: describePipeline(results.pipeline),
        voteUrl: addressOf(config.voteUrl, request.protocol, request.host),
        countOf,
        assets,
      }),
    );
  });

  server.get('/api/results', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('access-control-allow-origin', '*');
    return feed.current();
  });

  return server;
}
