import type { IncomingMessage } from 'node:http';
import { VotingError } from '@voting/core';
import { createClientNetwork } from '@voting/runtime';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface LimitConfig {
  /** How often something may be done from one address in so many seconds, as this process counts it. */
  readonly times: number;
  readonly seconds: number;
  /** What whoever does it more often is told. */
  readonly code: 'too_many_requests' | 'too_many_voters';
  /** Addresses whose X-Forwarded-For is believed. */
  readonly trustProxy: string | false;
}

/** @throws {VotingError} with the code of the limit, when the address that the request comes from must wait */
export type Limit = (request: IncomingMessage) => Promise<void>;

export function createLimit({ times, seconds, code, trustProxy }: LimitConfig): Limit {
  const clientNetwork = createClientNetwork(trustProxy);
  const limiter = new RateLimiterMemory({ points: times, duration: seconds });
  return async (request) => {
    try {
      await limiter.consume(clientNetwork(request));
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw new VotingError(code, { retryAfter: Math.ceil(refused.msBeforeNext / 1_000) });
    }
  };
}
