import type { Backlog } from '@voting/core';
import type { Ages } from './ages.ts';
import type { RedisConnection } from './connection.ts';
import { addedAt, type Entry, firstOfBatch } from './entries.ts';
import { isGroupMissing } from './failures.ts';
import { readGroupInfo, readPending } from './group-info.ts';
import { waitingKey } from './streams.ts';

type Waiting = Omit<Backlog, 'deadLetters'>;

/**
 * How many votes of all these streams the group has not acknowledged, and how long the oldest waits. Whether
 * anything waits is seen in the streams themselves, how much in what is counted beside them.
 *
 * @param streams with what is known of the ages of their entries
 */
export async function readBacklog(
  redis: RedisConnection,
  streams: ReadonlyMap<string, Ages>,
  group: string,
): Promise<Waiting> {
  const backlogs = await Promise.all(
    Array.from(streams, ([stream, ages]) => readOne(redis, stream, ages, group)),
  );
  const oldest = backlogs.flatMap(({ oldestAgeMs }) => oldestAgeMs ?? []);
  return {
    pending: backlogs.reduce((sum, { pending }) => sum + pending, 0),
    oldestAgeMs: oldest.length === 0 ? undefined : Math.max(...oldest),
  };
}

async function readOne(redis: RedisConnection, stream: string, ages: Ages, group: string): Promise<Waiting> {
  const info = await readGroupInfo(redis, stream, group).catch((error: unknown) => {
    if (isGroupMissing(error)) return undefined;
    throw error;
  });
  await look(redis, stream, ages);
  const undelivered = await firstAfter(redis, stream, info?.['last-delivered-id'] ?? '0-0');
  const oldest = (info?.pending ?? 0) > 0 ? (await readPending(redis, stream, group)).oldest : null;
  const id = oldest ?? undelivered;
  if (id === undefined) return { pending: 0, oldestAgeMs: undefined };
  const key = waitingKey(stream);
  const waiting = Number(await redis.send(stream, ['GET', key]));
  return { pending: Math.max(1, waiting), oldestAgeMs: await ageOf(redis, stream, ages, id) };
}

async function look(redis: RedisConnection, stream: string, ages: Ages): Promise<void> {
  const before = performance.now();
  try {
    const about = (await redis.send(stream, ['XINFO', 'STREAM', stream])) as StreamInfo;
    ages.saw(firstOfBatch(about['last-generated-id']), before, performance.now());
  } catch (error) {
    if (!isGroupMissing(error)) throw error;
  }
}

interface StreamInfo {
  readonly 'last-generated-id': string;
}

async function ageOf(redis: RedisConnection, stream: string, ages: Ages, id: string): Promise<number> {
  const [seconds, micros] = (await redis.send(stream, ['TIME'])) as [string, string];
  return ages.of(
    firstOfBatch(id),
    Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000) - addedAt(id),
  );
}

async function firstAfter(redis: RedisConnection, stream: string, id: string): Promise<string | undefined> {
  const [first] = (await redis.send(stream, ['XRANGE', stream, `(${id}`, '+', 'COUNT', '1'])) as Entry[];
  return first?.[0];
}
