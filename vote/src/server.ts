import rateLimit from '@fastify/rate-limit';
import { type Poll, type VoteQueue, VotingError } from '@voting/core';
import { addressOf, createViews, serveAssets } from '@voting/pages';
import { createHttpServer, type Log, type Server } from '@voting/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { choiceCookie, choiceIn } from './choice-cookie.ts';
import type { VoteMetrics } from './metrics.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { requestedOption } from './requested-option.ts';
import { isCrossSite } from './same-origin.ts';
import { createVoterCookies } from './voter-cookie.ts';

export interface VoteConfig {
  readonly poll: Poll;
  /** Keys that sign voter ids, the current one first. */
  readonly voterSecrets: readonly [string, ...string[]];
  /** Where the results are shown: an address, `:8081` for a port of the same host, or nowhere. */
  readonly resultUrl: string | undefined;
  /** Votes a minute that one address may cast; undefined for no limit. */
  readonly votesPerMinute: number | undefined;
  readonly trustProxy: string | false;
}

export interface VoteDeps {
  readonly queue: VoteQueue;
  readonly metrics: VoteMetrics;
  readonly log: Log;
}

const largestBody = 1024;
const methodsWeKnow = 'GET, HEAD, POST';

/** The vote service: a page with the options at `GET /`, and `POST /` to choose one. */
export async function createVoteServer(
  config: VoteConfig,
  { queue, metrics, log }: VoteDeps,
): Promise<Server> {
  const { poll } = config;
  const server = createHttpServer({ bodyLimit: largestBody, trustProxy: config.trustProxy }, log);
  const assets = serveAssets(server, [new URL('../assets/', import.meta.url)]);
  const views = createViews(new URL('./views/', import.meta.url));
  const voterOf = createVoterCookies(config.voterSecrets);

  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, new URLSearchParams(body as string));
    },
  );

  if (config.votesPerMinute !== undefined) {
    await server.register(rateLimit, {
      global: false,
      max: config.votesPerMinute,
      timeWindow: 60_000,
      cache: 100_000,
      errorResponseBuilder: () => new VotingError('too_many_requests'),
    });
  }

  server.get('/', async (request, reply) => {
    const voter = voterOf(request.headers.cookie, isSecure(request));
    if (voter.setCookie !== undefined) reply.header('set-cookie', voter.setCookie);
    return sendPage(request, reply, undefined);
  });

  server.post('/', {
    config: { rateLimit: {} },
    onRequest: async (request) => {
      if (isCrossSite(request.headers)) throw new VotingError('cross_site');
    },
    handler: async (request, reply) => {
      const option = requestedOption(request.body, poll);
      const secure = isSecure(request);
      const voter = voterOf(request.headers.cookie, secure);
      await queue.append({ poll: poll.id, voter: voter.id, option });
      metrics.accepted();
      if (voter.setCookie !== undefined) reply.header('set-cookie', voter.setCookie);
      reply.header('set-cookie', choiceCookie(poll, option, secure));
      if (wantsJson(request)) return reply.code(202).send({ vote: option });
      // a reload of the page that follows does not vote again
      return reply.redirect('/', 303);
    },
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
    if (request.method === 'POST') metrics.rejected(refusal.code);
    if (refusal.status >= 500) request.log.error({ err: error, code: refusal.code }, 'vote refused');
    else request.log.debug({ code: refusal.code }, 'request refused');
    reply.code(refusal.status);
    if (refusal.retryAfter !== undefined) reply.header('retry-after', refusal.retryAfter);
    if (wantsJson(request)) return reply.send({ error: { code: refusal.code, message: refusal.sentence } });
    return sendPage(request, reply, refusal);
  });

  server.addHook('onResponse', async (request, reply) => {
    metrics.answered(request.method, reply.statusCode, reply.elapsedTime / 1000);
  });

  /** The page with the options, so that whoever was refused can try again at once; elsewhere, the reason. */
  function sendPage(request: FastifyRequest, reply: FastifyReply, refusal: Refusal | undefined) {
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
    if (refusal !== undefined && request.url !== '/')
      return reply.send(views('refused', { refusal, assets }));
    const choice = choiceIn(request.headers.cookie, poll);
    const resultUrl = addressOf(config.resultUrl, request.protocol, request.host);
    return reply.send(views('vote', { poll, choice, refusal, resultUrl, assets }));
  }

  return server;
}

/** Whether the voter's own connection is encrypted. The header may be forged, but only to the forger's loss. */
function isSecure(request: FastifyRequest): boolean {
  return request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
}

function wantsJson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? '';
  if (accept.includes('application/json')) return true;
  return (headers['content-type'] ?? '').startsWith('application/json') && !accept.includes('text/html');
}
