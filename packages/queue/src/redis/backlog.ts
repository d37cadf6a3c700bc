import type { Backlog } from '@voting/core';
import type { RedisConnection } from './connection.ts';
import { addedAt, type Entry } from './entries.ts';
import { isGroupMissing } from './failures.ts';
import { type GroupInfo, readGroupInfo, readPending } from './group-info.ts';

/** How much of all these streams the group has not acknowledged, and since when the oldest waits. */
export async function readBacklog(
  redis: RedisConnection,
  streams: readonly string[],
  group: string,
): Promise<Backlog> {
  const backlogs = await Promise.all(streams.map((stream) => readOne(redis, stream, group)));
  const oldest = backlogs.flatMap(({ oldestAt }) => (oldestAt === undefined ? [] : [oldestAt]));
  return {
    pending: backlogs.reduce((sum, { pending }) => sum + pending, 0),
    oldestAt: oldest.length === 0 ? undefined : Math.min(...oldest),
  };
}

async function readOne(redis: RedisConnection, stream: string, group: string): Promise<Backlog> {
  const info = await readGroupInfo(redis, stream, group).catch((error: unknown) => {
    if (isGroupMissing(error)) return undefined;
    throw error;
  });
  const delivered = info?.['last-delivered-id'] ?? '0-0';
  const undelivered = info?.lag ?? (await countUndelivered(redis, stream, info));
  const pending = (info?.pending ?? 0) + undelivered;
  if (pending === 0) return { pending, oldestAt: undefined };
  const oldest = info?.pending ? (await readPending(redis, stream, group)).oldest : null;
  const id = oldest ?? (await firstAfter(redis, stream, delivered));
  return { pending, oldestAt: id === undefined ? undefined : addedAt(id) };
}

/**
 * At most so many entries are undelivered where Redis does not know it. What is acknowledged and not
 * yet trimmed counts too, so that the number is too high for a second rather than ever too low.
 */
async function countUndelivered(
  redis: RedisConnection,
  stream: string,
  info: GroupInfo | undefined,
): Promise<number> {
  const length = (await redis.send(stream, ['XLEN', stream])) as number;
  return Math.max(0, length - (info?.pending ?? 0));
}

async function firstAfter(redis: RedisConnection, stream: string, id: string): Promise<string | undefined> {
  const [first] = (await redis.send(stream, ['XRANGE', stream, `(${id}`, '+', 'COUNT', '1'])) as Entry[];
  return first?.[0];
}
