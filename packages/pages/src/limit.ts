import type { IncomingMessage } from 'node:http';
import { type ErrorCode, VotingError } from '@voting/core';
import { createClientNetwork } from '@voting/runtime';

export interface LimitConfig {
  /** How often something may be done from one address in so many seconds, as this process counts it. */
  readonly times: number;
  readonly seconds: number;
  /** What whoever does it more often is told. */
  readonly code: ErrorCode & `too_many_${string}`;
  /** Addresses whose X-Forwarded-For is believed. */
  readonly trustProxy: string | false;
}

/** @throws {VotingError} with the code of the limit, when the address that the request comes from must wait */
export type Limit = (request: IncomingMessage) => void;

/** A limit on what turns out only afterwards to be what is limited. */
export interface Allowance {
  /** @throws {VotingError} with the code of the limit, when the address that the request comes from must wait */
  readonly expectLeft: Limit;
  count(request: IncomingMessage): void;
}

interface Count {
  times: number;
  readonly until: number;
}

/** Some 15 MB. Whoever has more addresses than that is not held up by a limit on each anyway. */
const mostAddresses = 100_000;

export function createLimit(config: LimitConfig): Limit {
  const { countOf, expectLeft } = createCounts(config);
  return (request) => {
    const count = countOf(request);
    expectLeft(count);
    count.times++;
  };
}

export function createAllowance(config: LimitConfig): Allowance {
  const { countOf, expectLeft } = createCounts(config);
  return {
    expectLeft: (request) => expectLeft(countOf(request)),
    count(request) {
      countOf(request).times++;
    },
  };
}

/** Counts each address from when it first comes; when too many have come, the oldest counts are forgotten. */
function createCounts({ times, seconds, code, trustProxy }: LimitConfig) {
  const clientNetwork = createClientNetwork(trustProxy);
  /** In the order in which they end, because all last equally long. */
  const counts = new Map<string, Count>();

  return {
    countOf(request: IncomingMessage): Count {
      const address = clientNetwork(request);
      const now = performance.now();
      const known = counts.get(address);
      if (known !== undefined && known.until > now) return known;
      for (const [old, { until }] of counts) {
        if (until > now && counts.size < mostAddresses) break;
        counts.delete(old);
      }
      const count = { times: 0, until: now + seconds * 1_000 };
      counts.set(address, count);
      return count;
    },
    expectLeft(count: Count): void {
      if (count.times < times) return;
      const retryAfter = Math.ceil((count.until - performance.now()) / 1_000);
      throw new VotingError(code, { retryAfter });
    },
  };
}
