import { sentences } from '@voting/core';
import { serveAssets } from '@voting/pages';
import { createHttpServer, type Log, type Server } from '@voting/runtime';
import type { ResultsFeed } from './feed.ts';
import type { ResultMetrics } from './metrics.ts';
import { createResultPage, viewOf } from './page.ts';
import { attachViewers } from './viewers.ts';

export interface ResultConfig {
  /** Where votes are cast: an address, `:8080` for a port of the same host, or nowhere. */
  readonly voteUrl: string | undefined;
  /** The host that phones are led to when the presenter's own browser says localhost. */
  readonly nameInNetwork?: string | undefined;
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
  const { voteUrl, nameInNetwork } = config;
  const page = createResultPage({ voteUrl, nameInNetwork }, feed, assets);
  const viewers = attachViewers(server.server, feed, metrics);
  server.addHook('preClose', async () => viewers.close());

  server.addHook('onResponse', async (request, reply) => {
    metrics.answered(request.method, reply.statusCode, reply.elapsedTime / 1000);
  });

  server.get('/', {
    // the one page that others may show in theirs: nothing on it can be clicked
    onSend: async (request, reply) => {
      if (viewOf(request.url) !== 'embed') return;
      const policy = String(reply.getHeader('content-security-policy'));
      reply.header('content-security-policy', policy.replace("frame-ancestors 'none'", 'frame-ancestors *'));
    },
    handler: async ({ url, headers, protocol, host }, reply) => {
      const { cookie: cookies, 'accept-language': acceptLanguage } = headers;
      const { html, setCookie } = page({ url, cookies, acceptLanguage, protocol, host });
      if (setCookie !== undefined) reply.header('set-cookie', setCookie);
      return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
    },
  });

  server.get('/api/results', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('access-control-allow-origin', '*');
    return feed.current();
  });

  server.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({ error: { code: 'not_found', message: sentences.not_found } }),
  );

  return server;
}
