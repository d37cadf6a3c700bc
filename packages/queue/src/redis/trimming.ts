import type { RedisConnection } from './connection.ts';
import { idAfter } from './entries.ts';
import { readGroupInfo, readPending } from './group-info.ts';

/**
 * Removes the entries that the group has dealt with from the head of the stream, up to the first that
 * somebody still holds or nobody has had. Never from its middle: Redis could not tell the lag then.
 */
export async function trim(redis: RedisConnection, stream: string, group: string): Promise<void> {
  // In this order: what had been delivered before nothing was pending has been acknowledged.
  const info = await readGroupInfo(redis, stream, group);
  if (info === undefined) return;
  const { oldest } = await readPending(redis, stream, group);
  await redis.send(stream, ['XTRIM', stream, 'MINID', '=', oldest ?? idAfter(info['last-delivered-id'])]);
}
