import type { Sequence } from '@voting/core';
import { openGate } from '@voting/core/testing';
import {
  connectRedis,
  parseRedisUrl,
  type RedisQueueConfig,
  redisDefaults,
  streamNames,
} from '@voting/queue/redis';
import { createRedisClock } from '../../packages/queue/src/redis/clock.ts';
import { createFoundation } from '../../packages/queue/src/redis/foundation.ts';

/** Founds the streams with these polls open, as a worker does at its start, for those who let nobody count. */
export async function foundStreams(
  config: RedisQueueConfig,
  newest: Sequence = 0n,
  polls: readonly string[] = ['main'],
): Promise<void> {
  const patient = { ...config, deadlineMs: 20_000 };
  const redis = connectRedis(patient, () => {});
  const clocks = new Map(streamNames(config).map((stream) => [stream, createRedisClock(redis)]));
  const consumer = { ...patient, group: redisDefaults.group, consumer: 'founder', claimIdleMs: 0 };
  const foundation = createFoundation(consumer, {
    redis,
    clocks,
    newestSequence: async () => newest,
    gates: async () => polls.map(openGate),
    onError: () => {},
    onBehind: () => {},
  });
  try {
    await Promise.all([...clocks.keys()].map((stream) => foundation.found(stream)));
  } finally {
    foundation.close();
    redis.close();
  }
}

/** The same for the streams that services use which are told nothing but this address. */
export function foundStreamsAt(url: string): Promise<void> {
  return foundStreams({ ...redisDefaults, ...parseRedisUrl(url) });
}
