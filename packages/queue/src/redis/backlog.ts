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
  const undelivered = await firstAfter(redis, stream, info?.['last-delivered-id'] ?? '0-0');
  const held = info?.pending ?? 0;
  const pending = held + (undelivered === undefined ? 0 : await countUndelivered(redis, stream, held, info));
  const oldest = held > 0 ? (await readPending(redis, stream, group)).oldest : null;
  const id = oldest ?? undelivered;
  return { pending, oldestAt: id === undefined ? undefined : addedAt(id) };
}

/**
 * How many entries are undelivered, where at least one is. Redis' own count is not always there, and
 * after a crash it may stay wrong for good, so it is held against the length of the stream. What is
 * acknowledged and not yet trimmed is in that too: the number may be too high for a second.
 */
async function countUndelivered(
  redis: RedisConnection,
  stream: string,
  held: number,
  info: GroupInfo | undefined,
): Promise<number> {
  const length = (await redis.send(stream, ['XLEN', stream])) as number;
  return Math.max(1, Math.min(info?.lag ?? Number.POSITIVE_INFINITY, length - held));
}

async function firstAfter(redis: RedisConnection, stream: string, id: string): Promise<string | undefined> {
  const [first] = (await redis.send(stream, ['XRANGE', stream, `(${id}`, '+', 'COUNT', '1'])) as Entry[];
  return first?.[0];
}
