import type { ErrorCode } from '@voting/core';
import { createRequestMetric, type RequestMetric } from '@voting/runtime';
import { Counter, type Registry } from 'prom-client';

export interface VoteMetrics {
  accepted(): void;
  /** The accepted vote came without a cookie of ours, so from nobody who was shown the page before. */
  voterNew(): void;
  rejected(code: string): void;
  readonly answered: RequestMetric;
}

/** What the vote page says no with. Few and fixed: they are metric labels. */
export const refusalCodes: readonly ErrorCode[] = [
  'option_missing',
  'option_unknown',
  'body_malformed',
  'request_invalid',
  'cross_site',
  'not_found',
  'method_not_allowed',
  'poll_changed',
  'poll_unknown',
  'poll_not_open',
  'poll_closed',
  'body_too_large',
  'media_type_unsupported',
  'too_many_requests',
  'too_many_voters',
  'room_unknown',
  'queue_full',
  'queue_unavailable',
  'unexpected',
];

export function createVoteMetrics(registry: Registry): VoteMetrics {
  const registers = [registry];
  const accepted = new Counter({
    name: 'vote_votes_accepted_total',
    help: 'Votes that were acknowledged to their voter',
    registers,
  });
  const newVoters = new Counter({
    name: 'vote_voters_new_total',
    help: 'Accepted votes whose voter was first seen with that vote, as no browser does that loads the page',
    registers,
  });
  const rejected = new Counter({
    name: 'vote_votes_rejected_total',
    help: 'Votes that were refused, by the code of the refusal',
    labelNames: ['code'] as const,
    registers,
  });
  // from zero, or the first of its kind would be no increase
  for (const code of refusalCodes) rejected.inc({ code }, 0);
  return {
    accepted: () => accepted.inc(),
    voterNew: () => newVoters.inc(),
    rejected: (code) => rejected.inc({ code }),
    answered: createRequestMetric(registry, 'vote'),
  };
}
