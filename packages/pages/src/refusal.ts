import { type ErrorCode, VotingError } from '@voting/core';
import { sentences } from '@voting/wording';

/** What a service answers when it does not do what was asked. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly sentence: string;
  readonly status: number;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;
}

/** Every code that can reach a visitor or a host; any other is our own fault. */
const statuses: Partial<Record<ErrorCode, number>> = {
  option_missing: 400,
  option_unknown: 400,
  body_malformed: 400,
  request_invalid: 400,
  not_signed_in: 401,
  key_wrong: 401,
  cross_site: 403,
  not_found: 404,
  poll_unknown: 404,
  room_unknown: 404,
  method_not_allowed: 405,
  request_too_slow: 408,
  poll_changed: 409,
  poll_closed: 409,
  poll_not_open: 409,
  poll_locked: 409,
  poll_state: 409,
  room_in_use: 409,
  room_taken: 409,
  changed_meanwhile: 412,
  body_too_large: 413,
  media_type_unsupported: 415,
  content_invalid: 422,
  revision_missing: 428,
  too_many_requests: 429,
  too_many_voters: 429,
  too_many_keys: 429,
  headers_too_large: 431,
  queue_full: 503,
  queue_unavailable: 503,
  queue_foreign: 503,
  store_unavailable: 503,
  store_denied: 503,
  too_many_viewers: 503,
};

/** What the HTTP server itself finds wrong, by the status that it gives it; other 4xx are invalid requests. */
const serverCodes: Readonly<Record<number, ErrorCode>> = {
  404: 'not_found',
  408: 'request_too_slow',
  413: 'body_too_large',
  415: 'media_type_unsupported',
  431: 'headers_too_large',
};

/** The one mapping from errors, ours and the server's, to HTTP. */
export function refusalOf(error: unknown): Refusal {
  const code = codeOf(error);
  const status = statuses[code];
  if (status === undefined) {
    return { code: 'unexpected', sentence: sentences.unexpected, status: 500, retryAfter: undefined };
  }
  return { code, sentence: sentences[code], status, retryAfter: retryAfter(error, status) };
}

/** A refusal as programs read it. */
export function refusalAsJson({ status, code, sentence, retryAfter }: Refusal) {
  const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  return { status, headers, body: JSON.stringify({ error: { code, message: sentence } }) };
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof VotingError) return error.code;
  const { statusCode = 500 } = error as { statusCode?: number };
  if (statusCode < 400 || statusCode >= 500) return 'unexpected';
  return serverCodes[statusCode] ?? 'request_invalid';
}

function retryAfter(error: unknown, status: number): number | undefined {
  if (error instanceof VotingError && error.retryAfter !== undefined) return error.retryAfter;
  return status === 503 ? 2 : undefined;
}
