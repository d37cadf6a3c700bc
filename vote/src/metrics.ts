import { createRequestMetric, type RequestMetric } from '@voting/runtime';
import { Counter, type Registry } from 'prom-client';
import { refusalCodes } from './refusal.ts';

export interface VoteMetrics {
  accepted(): void;
  /** The accepted vote came without a cookie of ours, so from nobody who was shown the page before. */
  voterNew(): void;
  rejected(code: string): void;
  readonly answered: RequestMetric;
}

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
