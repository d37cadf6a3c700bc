import type { Announcements } from '@voting/core';
import type { RedisQueueConfig } from './config.ts';
import { connectRedis } from './connection.ts';
import { openDefinitions } from './definitions.ts';
import { asFailure } from './failures.ts';
import { createGates } from './gates.ts';

export interface RedisAnnouncements extends Announcements {
  close(): void;
}

/** Where rooms and polls are made known in Redis. @param onError told of every connection that fails */
export function createRedisAnnouncements(
  config: RedisQueueConfig,
  onError: (error: Error) => void,
): RedisAnnouncements {
  const redis = connectRedis(config, onError);
  const definitions = openDefinitions(redis, config, config.deadlineMs);
  return {
    gates: createGates(config, redis),
    definitions: {
      post: (news) =>
        definitions.post(news).catch((error: unknown) => {
          throw asFailure(error);
        }),
    },
    close: () => redis.close(),
  };
}
