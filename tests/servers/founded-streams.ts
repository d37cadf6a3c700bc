import type { Definition, Sequence } from '@voting/core';
import { definitionsOf, openPoll } from '@voting/core/testing';
import {
  connectRedis,
  parseRedisUrl,
  type RedisQueueConfig,
  redisDefaults,
  streamNames,
} from '@voting/queue/redis';
import { createRedisClock } from '../../packages/queue/src/redis/clock.ts';
import { openDefinitions } from '../../packages/queue/src/redis/definitions.ts';
import { createFoundation } from '../../packages/queue/src/redis/foundation.ts';

/** Founds the streams and makes these rooms and polls known, as a worker does, for those who let nobody count. */
export async function foundStreams(
  config: RedisQueueConfig,
  newest: Sequence = 0n,
  known: readonly Definition[] = definitionsOf([openPoll()]),
): Promise<void> {
  const patient = { ...config, deadlineMs: 20_000 };
  const redis = connectRedis(patient, () => {});
  const clocks = new Map(streamNames(config).map((stream) => [stream, createRedisClock(redis)]));
  const consumer = { ...patient, group: redisDefaults.group, consumer: 'founder', claimIdleMs: 0 };
  const foundation = createFoundation(consumer, {
    redis,
    clocks,
    newestSequence: async () => newest,
    definitions: async () => known,
    onError: () => {},
    onBehind: () => {},
  });
  try {
    await Promise.all([...clocks.keys()].map((stream) => foundation.found(stream)));
    await openDefinitions(redis, patient, patient.deadlineMs).found(async () => known);
  } finally {
    foundation.close();
    redis.close();
  }
}

/** The same for the streams that services use which are told nothing but this address. */
export function foundStreamsAt(url: string): Promise<void> {
  return foundStreams({ ...redisDefaults, ...parseRedisUrl(url) });
}
