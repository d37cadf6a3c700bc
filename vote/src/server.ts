import type { IncomingMessage } from 'node:http';
import { type Directory, type VoteQueue, VotingError } from '@voting/core';
import { createLimit, createViews, pathOf, placeOf, refusalOf, serveAssets, visitOf } from '@voting/pages';
import { createHttpServer, createTroubles, type Log, type Server } from '@voting/runtime';
import type { Tracing } from '@voting/tracing';
import { createAnswers } from './answer.ts';
import { createAsking } from './asking.ts';
import { createCasting } from './casting.ts';
import type { VoteMetrics } from './metrics.ts';
import { createVoterCookies } from './voter-cookie.ts';

export interface VoteConfig {
  /** Keys that sign voter ids, the current one first. */
  readonly voterSecrets: readonly [string, ...string[]];
  /** Where the results are shown: an address, `:8081` for a port of the same host, or nowhere. */
  readonly resultUrl: string | undefined;
  /** Votes a minute that one address may cast; undefined for no limit. */
  readonly votesPerMinute: number | undefined;
  /** Voters an hour that may come new from one address; undefined for no limit. */
  readonly newVotersPerHour: number | undefined;
  readonly trustProxy: string | false;
}

export interface VoteDeps {
  readonly queue: VoteQueue;
  readonly directory: Directory;
  readonly metrics: VoteMetrics;
  readonly tracing?: Tracing | undefined;
  readonly log: Log;
  /** See `createHttpServer`. */
  readonly stopping?: AbortSignal | undefined;
}

const methodsWeKnow = 'GET, HEAD, POST';
const paths = ['/', '/:room', '/:room/:poll'];

/**
 * The vote service: the page of the main room at `/`, of another at `/<room>`, of one poll at `/<room>/<poll>`. To GET it shows
 * the options, and with POST one is chosen.
 */
export function createVoteServer(config: VoteConfig, deps: VoteDeps): Server {
  const { queue, directory, metrics, tracing, log, stopping } = deps;
  const { trustProxy, votesPerMinute, newVotersPerHour } = config;
  const voterOf = createVoterCookies(config.voterSecrets);
  const limit =
    votesPerMinute === undefined
      ? undefined
      : createLimit({ times: votesPerMinute, seconds: 60, code: 'too_many_requests', trustProxy });
  const newVoterLimit =
    newVotersPerHour === undefined
      ? undefined
      : createLimit({ times: newVotersPerHour, seconds: 3_600, code: 'too_many_voters', trustProxy });
  const troubles = createTroubles(log);
  const server = createHttpServer(
    { trustProxy },
    {
      log,
      stopping,
      refuse(failure, request) {
        const refusal = refusalOf(failure);
        if (refusal.status >= 500) troubles(refusal.code, failure);
        else log.debug({ code: refusal.code }, 'request refused');
        return answers.refusal(refusal, request && visitOf(request));
      },
      first: (request, response) => cast(request, response) || ask(request, response),
    },
  );
  const assets = serveAssets(server, [
    new URL('../assets/', import.meta.url),
    new URL('./browser/', import.meta.url),
  ]);
  const views = createViews(new URL('./views/', import.meta.url));
  const answers = createAnswers(config, { directory, views, assets });
  const ask = createAsking({ answers, metrics });
  const cast = createCasting({
    directory,
    queue,
    voterOf,
    limit,
    newVoterLimit,
    answers,
    metrics,
    tracing,
    log,
    troubles,
  });

  for (const path of paths) {
    server.get<{ Querystring: { join?: string } }>(path, async (request, reply) => {
      const place = placeOf(request.url);
      if (place === undefined) return reply.callNotFound();
      // the box for a code, where no script sends it to its place
      const code = request.query.join?.replaceAll(/\s/g, '').toLowerCase();
      if (code !== undefined) {
        const asked = placeOf(`/${code}`);
        if (asked === undefined) throw new VotingError('room_unknown', { detail: code });
        return reply.redirect(pathOf(asked), 303);
      }
      const visit = visitOf(request.raw);
      const { headers, body } = answers.page(place, visit);
      const voter = voterOf(visit.cookies, visit.secure);
      if (voter.setCookie !== undefined && (!voter.isNew || mayBeNew(request.raw))) {
        reply.header('set-cookie', voter.setCookie);
      }
      return reply.headers(headers).send(body);
    });

    server.route({
      method: ['PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: path,
      onRequest: async (request, reply) => {
        if (placeOf(request.url) === undefined) throw new VotingError('not_found');
        reply.header('allow', methodsWeKnow);
        throw new VotingError('method_not_allowed');
      },
      handler: async () => undefined,
    });
  }

  server.addHook('onResponse', async (request, reply) => {
    metrics.answered(request.method, reply.statusCode, reply.elapsedTime / 1000);
  });

  /** An address with too many new voters still sees the page; it is told when it votes. */
  function mayBeNew(request: IncomingMessage): boolean {
    try {
      newVoterLimit?.(request);
      return true;
    } catch (error) {
      if (error instanceof VotingError) return false;
      throw error;
    }
  }

  return server;
}
