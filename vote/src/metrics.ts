import { Counter, Histogram, type Registry } from 'prom-client';

export interface VoteMetrics {
  accepted(): void;
  rejected(code: string): void;
  answered(method: string, status: number, seconds: number): void;
}

export function createVoteMetrics(registry: Registry): VoteMetrics {
  const registers = [registry];
  const accepted = new Counter({
    name: 'vote_votes_accepted_total',
    help: 'Votes that were acknowledged to their voter',
    registers,
  });
  const rejected = new Counter({
    name: 'vote_votes_rejected_total',
    help: 'Votes that were refused, by the code of the refusal',
    labelNames: ['code'] as const,
    registers,
  });
  const seconds = new Histogram({
    name: 'vote_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer',
    labelNames: ['method', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  return {
    accepted: () => accepted.inc(),
    rejected: (code) => rejected.inc({ code }),
    answered: (method, status, duration) => seconds.observe({ method, status }, duration),
  };
}
