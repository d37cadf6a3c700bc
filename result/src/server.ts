import type { Place } from '@voting/core';
import { placeOf, refusalAsJson, refusalOf, serveAssets, type Visit, visitOf } from '@voting/pages';
import { createHttpServer, createTroubles, type Log, type Server } from '@voting/runtime';
import type { ResultsFeed } from './feed.ts';
import type { ResultMetrics } from './metrics.ts';
import { createResultPages, type Page, viewOf } from './page.ts';
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
const api = '/api/results';

/**
 * The result service: a live page of the main room at `/`, of another at `/<room>`, of one poll at `/<room>/<poll>`, the same
 * as JSON behind `/api/results`, and Socket.IO for whoever follows along.
 */
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
  const pages = createResultPages({ voteUrl, nameInNetwork }, feed, assets);
  const viewers = attachViewers(server.server, { trustProxy, mostPollers }, { feed, metrics });
  server.addHook('preClose', async () => viewers.close());

  server.addHook('onResponse', async (request, reply) => {
    metrics.answered(request.method, reply.statusCode, reply.elapsedTime / 1000);
  });

  for (const path of ['/', '/:room', '/:room/:poll']) {
    server.get(path, {
      // the one page that others may show in theirs: nothing on it can be clicked
      onSend: async (request, reply) => {
        if (viewOf(request.url) !== 'embed') return;
        const policy = String(reply.getHeader('content-security-policy'));
        reply.header(
          'content-security-policy',
          policy.replace("frame-ancestors 'none'", 'frame-ancestors *'),
        );
      },
      handler: async ({ raw, url }, reply) => {
        const place = placeOf(url);
        if (place === undefined) return reply.callNotFound();
        const { status, html, setCookie } = await pageAt(place, visitOf(raw));
        if (setCookie !== undefined) reply.header('set-cookie', setCookie);
        reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8');
        return reply.send(html);
      },
    });

    server.get(`${api}${path === '/' ? '' : path}`, async ({ url }, reply) => {
      reply.header('cache-control', 'no-store').header('access-control-allow-origin', '*');
      const place = placeOf(url.slice(api.length).replace(/^(?=\?|$)/, '/'));
      return place === undefined ? reply.callNotFound() : feed.at(place);
    });
  }

  /** Of what cannot be shown, people get a page that says why. */
  async function pageAt(place: Place, visit: Visit): Promise<Page & { readonly status: number }> {
    try {
      return { status: 200, ...(await pages.results(place, visit)) };
    } catch (error) {
      if (visit.wantsJson) throw error;
      const refusal = refusalOf(error);
      if (refusal.status >= 500) troubles(refusal.code, error);
      return { status: refusal.status, ...pages.refused(refusal, visit) };
    }
  }

  return server;
}
