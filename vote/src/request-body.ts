import type { IncomingMessage } from 'node:http';
import { VotingError } from '@voting/core';

/**
 * The body of a request as text. What is not UTF-8 in it comes as U+FFFD, which no option contains.
 *
 * @param limit bytes
 * @throws {VotingError} `body_too_large`, as soon as it is known, or `request_invalid` when the sender
 *   hangs up half way
 */
export function readBody(request: IncomingMessage, limit: number): Promise<string> {
  if (Number(request.headers['content-length']) > limit)
    return Promise.reject(new VotingError('body_too_large'));
  return new Promise((resolve, reject) => {
    let body: Buffer | undefined;
    request.on('data', (chunk: Buffer) => {
      body = body === undefined ? chunk : Buffer.concat([body, chunk]);
      if (body.length > limit) reject(new VotingError('body_too_large'));
    });
    request.on('end', () => resolve(body === undefined ? '' : body.toString()));
    request.on('error', (cause) => reject(new VotingError('request_invalid', { cause })));
  });
}
