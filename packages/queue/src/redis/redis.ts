export { createRedisAnnouncements, type RedisAnnouncements } from './announcements.ts';
export {
  parseRedisUrl,
  type RedisConfig,
  type RedisConsumerConfig,
  type RedisQueueConfig,
  type RedisStreams,
  type RedisTls,
  redisDefaults,
} from './config.ts';
export { connectRedis, type RedisConnection } from './connection.ts';
export { createRedisConsumer } from './consumer.ts';
export { createRedisDirectory, type RedisDirectory } from './directory.ts';
export {
  type DurabilityWatch,
  describeShortcomings,
  type Shortcoming,
  watchDurability,
} from './durability.ts';
export { emptyRedis } from './empty.ts';
export { createRedisQueue, type RedisQueue } from './queue.ts';
export { type DeadLetterCounts, type DeadLetterReplay, openDeadLetters } from './replay.ts';
export { readDurabilitySettings, readRedisSettings } from './settings.ts';
export { deadLetterStream, partitionOf, streamNames } from './streams.ts';
