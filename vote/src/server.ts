import type { IncomingMessage } from 'node:http';
import { type Poll, type VoteQueue, VotingError } from '@voting/core';
import { createViews, serveAssets } from '@voting/pages';
import { createHttpServer, type Log, type Server } from '@voting/runtime';
import type { Tracing } from '@voting/tracing';
import { type Answer, createAnswers } from './answer.ts';
import { createCasting } from './casting.ts';
import { createLimit } from './limit.ts';
import type { VoteMetrics } from './metrics.ts';
import { refusalOf } from './refusal.ts';
import { visitOf } from './visit.ts';
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
}

const methodsWeKnow = 'GET, HEAD, POST';
/** Only votes have a body, and those do not come here. */
const bodyLimit = 1;

/** The vote service: a page with the options at `GET /`, and `POST /` to choose one. */
export function createVoteServer(config: VoteConfig, deps: VoteDeps): Server {
  const { queue, metrics, tracing, log } = deps;
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
  const server = createHttpServer({ bodyLimit, trustProxy }, log, (request, response) =>
    cast(request, response),
  );
  const assets = serveAssets(server, [
    new URL('../assets/', import.meta.url),
    new URL('./browser/', import.meta.url),
  ]);
  const views = createViews(new URL('./views/', import.meta.url));
  const answers = createAnswers(config, { views, assets });
  const cast = createCasting(poll, {
    queue,
    voterOf,
    limit,
    newVoterLimit,
    answers,
    metrics,
    tracing,
    log,
  });

  server.get('/', async (request, reply) => {
    const visit = visitOf(request.raw);
    const voter = voterOf(visit.cookies, visit.secure);
    if (voter.setCookie !== undefined && (await mayBeNew(request.raw))) {
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

  server.setNotFoundHandler(async () => {
    throw new VotingError('not_found');
  });

  server.setErrorHandler(async (error, request, reply) => {
    const refusal = refusalOf(error);
    if (refusal.status >= 500) request.log.error({ err: error, code: refusal.code }, 'request refused');
    else request.log.debug({ code: refusal.code }, 'request refused');
    const { status, headers, body }: Answer = answers.refusal(refusal, visitOf(request.raw), request.url);
    return reply.code(status).headers(headers).send(body);
  });

  server.addHook('onResponse', async (request, reply) => {
    metrics.answered(request.method, reply.statusCode, reply.elapsedTime / 1000);
  });

  /** An address with too many new voters still sees the page; it is told when it votes. */
  async function mayBeNew(request: IncomingMessage): Promise<boolean> {
    try {
      await newVoterLimit?.(request);
      return true;
    } catch (error) {
      if (error instanceof VotingError) return false;
      throw error;
    }
  }

  return server;
}
