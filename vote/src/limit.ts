import type { IncomingMessage } from 'node:http';
import { VotingError } from '@voting/core';
import { createClientAddress } from '@voting/runtime';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** @throws {VotingError} `too_many_requests`, when the address that the request comes from must wait */
export type VoteLimit = (request: IncomingMessage) => Promise<void>;

/** @param trustProxy addresses whose X-Forwarded-For is believed */
export function createVoteLimit(votesPerMinute: number, trustProxy: string | false): VoteLimit {
  const clientAddress = createClientAddress(trustProxy);
  const limiter = new RateLimiterMemory({ points: votesPerMinute, duration: 60 });
  return async (request) => {
    try {
      await limiter.consume(clientAddress(request));
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw new VotingError('too_many_requests', { retryAfter: Math.ceil(refused.msBeforeNext / 1_000) });
    }
  };
}
