import type { IncomingMessage } from 'node:http';
import { type Poll, type VoteQueue, VotingError } from '@voting/core';
import { createViews, refusalOf, serveAssets, visitOf } from '@voting/pages';
import { createHttpServer, createTroubles, type Log, type Server } from '@voting/runtime';
import type { Tracing } from '@voting/tracing';
import { createAnswers } from './answer.ts';
import { createCasting } from './casting.ts';
import { editionsOf } from './edition.ts';
import { createLimit } from './limit.ts';
import type { VoteMetrics } from './metrics.ts';
import { createVoterCookies } from './voter-cookie.ts';

export interface VoteConfig {
  readonly poll: Poll;
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
  readonly metrics: VoteMetrics;
  readonly tracing?: Tracing | undefined;
  readonly log: Log;
  /** See `createHttpServer`. */
  readonly stopping?: AbortSignal | undefined;
}

const methodsWeKnow = 'GET, HEAD, POST';

/** The vote service: a page with the options at `GET /`, and `POST /` to choose one. */
export function createVoteServer(config: VoteConfig, deps: VoteDeps): Server {
  const { queue, metrics, tracing, log, stopping } = deps;
  const { poll, trustProxy, votesPerMinute, newVotersPerHour } = config;
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
      first: (request, response) => cast(request, response),
    },
  );
  const assets = serveAssets(server, [
    new URL('../assets/', import.meta.url),
    new URL('./browser/', import.meta.url),
  ]);
  const views = createViews(new URL('./views/', import.meta.url));
  const editions = editionsOf(poll);
  const answers = createAnswers(config, { editions, views, assets });
  const cast = createCasting(poll, {
    editions,
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

  server.get('/', async (request, reply) => {
    const visit = visitOf(request.raw);
    const voter = voterOf(visit.cookies, visit.secure);
    if (voter.setCookie !== undefined && (!voter.isNew || mayBeNew(request.raw))) {
      reply.header('set-cookie', voter.setCookie);
    }
    const { headers, body } = answers.page(visit);
    return reply.headers(headers).send(body);
  });

  server.route({
    method: ['PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/',
    onRequest: async (_request, reply) => {
      reply.header('allow', methodsWeKnow);
      throw new VotingError('method_not_allowed');
    },
    handler: async () => undefined,
  });

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
