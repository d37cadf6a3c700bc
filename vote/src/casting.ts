import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Directory, type Place, type Vote, type VoteQueue, VotingError } from '@voting/core';
import { isCrossSite, type Limit, placeOf, refusalOf, type Visit, visitOf } from '@voting/pages';
import { type Answer, type FirstHandler, type Log, securityHeaders, type Troubles } from '@voting/runtime';
import type { Span, Tracing } from '@voting/tracing';
import type { Answers } from './answer.ts';
import { choiceCookie } from './choice-cookie.ts';
import { hasHungUp } from './hung-up.ts';
import type { VoteMetrics } from './metrics.ts';
import { readBody } from './request-body.ts';
import { requestedVote } from './requested-vote.ts';
import { editionsFor } from './scene.ts';
import type { VoterOf } from './voter-cookie.ts';

export interface CastingDeps {
  readonly directory: Directory;
  readonly queue: VoteQueue;
  readonly voterOf: VoterOf;
  /** Undefined when an address may vote as often as it likes. */
  readonly limit: Limit | undefined;
  /** Undefined when any number of voters may come from an address. */
  readonly newVoterLimit: Limit | undefined;
  readonly answers: Answers;
  readonly metrics: VoteMetrics;
  readonly tracing: Tracing | undefined;
  readonly log: Log;
  readonly troubles: Troubles;
}

/** The headers of an answer as node:http takes them fastest: names and values in turn. */
type RawHeaders = string[];

const largestBody = 1024;
/** For the pages that a refusal brings; an answer without a document has nothing to protect. */
const rawSecurityHeaders: RawHeaders = Object.entries(securityHeaders).flat();

/**
 * Takes the votes: every POST to the page of a room or a poll. Votes come by the ten thousand a second, so this stands on
 * node:http itself, without the framework that serves the pages.
 */
export function createCasting(deps: CastingDeps): FirstHandler {
  const { directory, queue, voterOf, limit, newVoterLimit, answers, metrics, tracing, log, troubles } = deps;

  async function cast(
    request: IncomingMessage,
    response: ServerResponse,
    place: Place,
    visit: Visit,
    span: Span | undefined,
  ): Promise<void> {
    if (isCrossSite(request.headers)) throw new VotingError('cross_site');
    limit?.(request);
    const body = await readBody(request, largestBody);
    const { poll, option } = requestedVote(request.headers['content-type'], body, place, directory);
    const voter = voterOf(visit.cookies, visit.secure);
    if (voter.isNew) newVoterLimit?.(request);
    if (await hasHungUp(request)) throw new VotingError('request_invalid');
    await append({ poll: poll.id, voter: voter.id, option }, span);
    metrics.accepted();
    const headers: RawHeaders = [];
    if (voter.isNew) metrics.voterNew();
    if (voter.setCookie !== undefined) headers.push('set-cookie', voter.setCookie);
    headers.push('set-cookie', choiceCookie(visit.cookies, editionsFor(poll), option, visit.secure));
    if (visit.wantsJson) {
      headers.push('content-type', 'application/json; charset=utf-8');
      send(response, 202, headers, `{"vote":"${option}"}`);
    } else {
      // a reload of the page that follows does not vote again
      headers.push('location', request.url ?? '/');
      send(response, 303, headers, '');
    }
  }

  function append(vote: Vote, parent: Span | undefined): Promise<void> {
    const span = parent && tracing?.start('append', { kind: 'producer', parent: parent.traceparent });
    if (span === undefined) return queue.append(vote);
    return queue.append({ ...vote, traceparent: span.traceparent }).then(
      () => span.end(),
      (error: unknown) => {
        span.end({ failed: true });
        throw error;
      },
    );
  }

  function refuse(error: unknown, request: IncomingMessage, response: ServerResponse, visit: Visit): void {
    const refusal = refusalOf(error);
    metrics.rejected(refusal.code);
    if (refusal.status >= 500) troubles(refusal.code, error);
    else log.debug({ code: refusal.code }, 'vote refused');
    // what is left of the body is not worth reading
    if (!request.complete) response.shouldKeepAlive = false;
    const { status, headers, body }: Answer = answers.refusal(refusal, visit);
    send(response, status, [...rawSecurityHeaders, ...Object.entries(headers).flat()], body);
  }

  return (request, response) => {
    const place = request.method === 'POST' ? placeOf(request.url) : undefined;
    if (place === undefined) return false;
    const start = performance.now();
    const visit = visitOf(request);
    // nobody outside decides what is recorded, so the visitor's own traceparent is not looked at
    const span = tracing?.start('POST /', { kind: 'server' });
    cast(request, response, place, visit, span)
      .catch((error: unknown) => refuse(error, request, response, visit))
      .finally(() => {
        const { statusCode } = response;
        metrics.answered('POST', statusCode, (performance.now() - start) / 1_000);
        span?.end({ attributes: { 'http.response.status_code': statusCode }, failed: statusCode >= 500 });
      });
    return true;
  };
}

function send(response: ServerResponse, status: number, headers: RawHeaders, body: string): void {
  headers.push('content-length', String(Buffer.byteLength(body)));
  response.writeHead(status, headers).end(body);
}
