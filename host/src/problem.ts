import { STATUS_CODES } from 'node:http';
import { InvalidPoll } from '@voting/core';
import { refusalOf } from '@voting/pages';
import type { Answer } from '@voting/runtime';
import { sentenceForHosts } from '@voting/wording/hosts';
import { etagOf } from './if-match.ts';
import { InvalidContent } from './invalid-content.ts';
import { Outdated } from './revisions.ts';
import type { Problem } from './schemas.ts';

export const problemType = 'application/problem+json';

/** Why something was not done, as RFC 9457 has it. */
export function problemOf(failure: unknown): { readonly problem: Problem; readonly answer: Answer } {
  const known = failure instanceof InvalidPoll ? new InvalidContent(failure.faults) : failure;
  const { status, code, retryAfter } = refusalOf(known);
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? '',
    status,
    detail: sentenceForHosts(code),
    code,
    ...(known instanceof InvalidContent && { errors: known.faults.map((fault) => ({ ...fault })) }),
  };
  const headers: Record<string, string> = { 'content-type': problemType, 'cache-control': 'no-store' };
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (known instanceof Outdated) headers.etag = etagOf(known.revision);
  return { problem, answer: { status, headers, body: JSON.stringify(problem) } };
}
