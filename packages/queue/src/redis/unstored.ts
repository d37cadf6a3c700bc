import type { RedisConnection } from './connection.ts';
import { readScript } from './script.ts';

const script = readScript('./forget.lua');
/** Fields of one call at most: Redis does nothing else meanwhile. */
const mostFields = 200;

/** The fields of a hash, by name. */
export type Fields = ReadonlyMap<string, string>;

export async function readFields(redis: RedisConnection, key: string): Promise<Fields> {
  const fields = (await redis.send(key, ['HGETALL', key])) as Record<string, string>;
  return new Map(Object.entries(fields));
}

/**
 * Takes out of a hash what was read from it before the store was read and cannot come from there, because the store knows
 * nothing of it, or only what is older: the store was emptied since, or an older backup was restored.
 */
export async function forgetFields(
  redis: RedisConnection,
  key: string,
  unstored: Fields,
  deadlineMs: number,
): Promise<void> {
  const fields = [...unstored];
  for (let from = 0; from < fields.length; from += mostFields) {
    const args = fields.slice(from, from + mostFields).flat();
    await script.run(redis, [key], args, performance.now() + deadlineMs);
  }
}
