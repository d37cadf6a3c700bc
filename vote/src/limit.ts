import type { IncomingMessage } from 'node:http';
import { VotingError } from '@voting/core';
import { createClientNetwork } from '@voting/runtime';

export interface LimitConfig {
  /** How often something may be done from one address in so many seconds, as this process counts it. */
  readonly times: number;
  readonly seconds: number;
  /** What whoever does it more often is told. */
  readonly code: 'too_many_requests' | 'too_many_voters' | 'too_many_guesses';
  /** Addresses whose X-Forwarded-For is believed. */
  readonly trustProxy: string | false;
}

/** @throws {VotingError} with the code of the limit, when the address that the request comes from must wait */
export type Limit = (request: IncomingMessage) => void;

/** Some 15 MB. Whoever has more addresses than that is not held up by a limit on each anyway. */
const mostAddresses = 100_000;

/** Counts each address from when it first comes; when too many have come, the oldest counts are forgotten. */
export function createLimit({ times, seconds, code, trustProxy }: LimitConfig): Limit {
  const clientNetwork = createClientNetwork(trustProxy);
  /** In the order in which they end, because all last equally long. */
  const counts = new Map<string, { times: number; readonly until: number }>();

  function countOf(address: string, now: number) {
    const known = counts.get(address);
    if (known !== undefined && known.until > now) return known;
    for (const [old, { until }] of counts) {
      if (until > now && counts.size < mostAddresses) break;
      counts.delete(old);
    }
    const count = { times: 0, until: now + seconds * 1_000 };
    counts.set(address, count);
    return count;
  }

  return (request) => {
    const now = performance.now();
    const count = countOf(clientNetwork(request), now);
    if (count.times >= times) {
      throw new VotingError(code, { retryAfter: Math.ceil((count.until - now) / 1_000) });
    }
    count.times++;
  };
}
