import { refusalAsJson, refusalOf, serveAssets, visitOf } from '@voting/pages';
import { createHttpServer, createTroubles, type Log, type Server } from '@voting/runtime';
import type { ResultsFeed } from './feed.ts';
import type { ResultMetrics } from './metrics.ts';
import { createResultPage, viewOf } from './page.ts';
import { attachViewers } from './viewers.ts';

export interface ResultConfig {
  /** Where votes are cast: an address, `:8080` for a port of the same host, or nowhere. */
  readonly voteUrl: string | undefined;
  /** The host that phones are led to when the presenter's own browser says localhost. */
  readonly nameInNetwork?: string | undefined;
  /** Addresses whose X-Forwarded-For and X-Forwarded-Host are believed. */
  readonly trustProxy: string | false;
}

export interface ResultDeps {
  readonly feed: ResultsFeed;
  readonly metrics: ResultMetrics;
  readonly log: Log;
  /** See `createHttpServer`. */
  readonly stopping?: AbortSignal | undefined;
}

const mostPollers = 1_000;

/** The result service: a live page, the same as JSON, and Socket.IO for whoever follows along. */
export function createResultServer(
  config: ResultConfig,
  { feed, metrics, log, stopping }: ResultDeps,
): Server {
  const { voteUrl, nameInNetwork, trustProxy } = config;
  const troubles = createTroubles(log);
  const server = createHttpServer(
    { trustProxy },
    {
      log,
      stopping,
      refuse(failure) {
        const refusal = refusalOf(failure);
        if (refusal.status >= 500) troubles(refusal.code, failure);
        else log.debug({ code: refusal.code }, 'request refused');
        return refusalAsJson(refusal);
      },
    },
  );
  const assets = serveAssets(server, [
    new URL('../assets/', import.meta.url),
    new URL('./browser/', import.meta.url),
  ]);
  const page = createResultPage({ voteUrl, nameInNetwork }, feed, assets);
  const viewers = attachViewers(server.server, { trustProxy, mostPollers }, { feed, metrics });
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
    handler: async ({ raw }, reply) => {
      const { html, setCookie } = page(visitOf(raw));
      if (setCookie !== undefined) reply.header('set-cookie', setCookie);
      return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
    },
  });

  server.get('/api/results', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('access-control-allow-origin', '*');
    return feed.current();
  });

  return server;
}
