import { type ErrorCode, sentences, VotingError } from '@voting/core';

/** What the vote service answers when it does not do what was asked. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly sentence: string;
  readonly status: number;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;
}

/** Every code that can reach a voter; any other is our own fault. */
const statuses: Partial<Record<ErrorCode, number>> = {
  option_missing: 400,
  option_unknown: 400,
  body_malformed: 400,
  request_invalid: 400,
  cross_site: 403,
  not_found: 404,
  method_not_allowed: 405,
  body_too_large: 413,
  media_type_unsupported: 415,
  too_many_requests: 429,
  too_many_voters: 429,
  queue_full: 503,
  queue_unavailable: 503,
};

/** What a refusal can be called. Few and fixed: they are metric labels. */
export const refusalCodes: readonly string[] = [...Object.keys(statuses), 'unexpected'];

/** The one mapping from errors, ours and the framework's, to HTTP. */
export function refusalOf(error: unknown): Refusal {
  const code = codeOf(error);
  const status = statuses[code];
  if (status === undefined) {
    return { code: 'unexpected', sentence: sentences.unexpected, status: 500, retryAfter: undefined };
  }
  return { code, sentence: sentences[code], status, retryAfter: retryAfter(error, status) };
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof VotingError) return error.code;
  const { statusCode } = error as { statusCode?: number };
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? 'request_invalid' : 'unexpected';
}

function retryAfter(error: unknown, status: number): number | undefined {
  if (error instanceof VotingError && error.retryAfter !== undefined) return error.retryAfter;
  return status === 503 ? 2 : undefined;
}
