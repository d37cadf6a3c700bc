import { parseArgs } from 'node:util';
import { createRedisConsumer, parseRedisUrl, redisDefaults } from '@voting/queue/redis';

/** A program that takes one vote and holds it until it is killed. */
const { values } = parseArgs({ options: { url: { type: 'string' }, stream: { type: 'string' } } });
const address = parseRedisUrl(values.url ?? '');
const config = { ...redisDefaults, ...address, stream: values.stream ?? '', consumer: 'killed' };
const consumer = createRedisConsumer(config, {
  newestSequence: async () => 0n,
  definitions: async () => [],
  onError: () => {},
  onBehind: () => {},
});
const [held] = await consumer.read(1, 10_000);
process.stdout.write(held?.voter ?? 'nothing');
setInterval(() => {}, 1_000);
