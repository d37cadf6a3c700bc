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
export { createRedisQueue, type RedisQueue } from './queue.ts';
export { readRedisSettings } from './settings.ts';
export { deadLetterStream, streamNames } from './streams.ts';
