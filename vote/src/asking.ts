import { placeOf, refusalAsJson, refusalOf, visitOf } from '@voting/pages';
import { type Answer, type FirstHandler, securityHeaders } from '@voting/runtime';
import type { Answers } from './answer.ts';
import type { VoteMetrics } from './metrics.ts';

export interface AskingDeps {
  readonly answers: Answers;
  readonly metrics: VoteMetrics;
}

/**
 * Answers pages that ask whether they are still right: a GET for JSON. Each phone in a room asks every few seconds, so this
 * stands on node:http itself, and is answered from memory.
 */
export function createAsking({ answers, metrics }: AskingDeps): FirstHandler {
  return (request, response) => {
    const place = request.method === 'GET' ? placeOf(request.url) : undefined;
    if (place === undefined || !visitOf(request).wantsJson) return false;
    const start = performance.now();
    let answer: Answer;
    try {
      answer = answers.summary(place, request.headers['if-none-match']);
    } catch (error) {
      answer = refusalAsJson(refusalOf(error));
    }
    const { status, headers, body } = answer;
    response
      .writeHead(status, { ...securityHeaders, ...headers, 'content-length': Buffer.byteLength(body) })
      .end(body);
    metrics.answered('GET', status, (performance.now() - start) / 1_000);
    return true;
  };
}
