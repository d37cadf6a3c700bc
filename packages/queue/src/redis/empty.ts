import { VotingError } from '@voting/core';
import type { RedisQueueConfig } from './config.ts';
import { connectRedis } from './connection.ts';
import { asFailure } from './failures.ts';
import {
  changesKey,
  deadLetterStream,
  definitionsKey,
  everyStreamName,
  foundingKey,
  gatesKey,
  waitingKey,
} from './streams.ts';

/**
 * Removes the queue: what waits, what was set aside, gates and definitions, with whatever number of partitions there has been.
 * A worker founds it anew; until then it takes no votes.
 *
 * @throws {VotingError} `queue_foreign` when another program's things have our names, and nothing is removed;
 *   `queue_unavailable`, when some may be removed: to be done again
 */
export async function emptyRedis(config: RedisQueueConfig): Promise<void> {
  const redis = connectRedis(config, () => {});
  const streams = everyStreamName(config);
  const remove = (key: string) => redis.send(key, ['UNLINK', key]);
  try {
    const types = await Promise.all(streams.map((stream) => redis.send(stream, ['TYPE', stream])));
    const foreign = streams.find((_, i) => !['stream', 'none'].includes(String(types[i])));
    if (foreign !== undefined) throw new VotingError('queue_foreign', { detail: foreign });
    // first what lets votes in; one key at a time, for in a cluster each may lie on another node
    const partsOf = [foundingKey, String, waitingKey, gatesKey, deadLetterStream];
    for (const part of partsOf) await Promise.all(streams.map((stream) => remove(part(stream))));
    await remove(definitionsKey(config));
    await remove(changesKey(config));
  } catch (error) {
    throw error instanceof VotingError ? error : asFailure(error);
  } finally {
    redis.close();
  }
}
