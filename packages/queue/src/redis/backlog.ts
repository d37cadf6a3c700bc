import type { Backlog } from '@voting/core';
import type { Ages } from './ages.ts';
import type { RedisConnection } from './connection.ts';
import { addedAt, type Entry, sequenceOf } from './entries.ts';
import { isGroupMissing } from './failures.ts';
import { type GroupInfo, readGroupInfo, readPending } from './group-info.ts';

type Waiting = Omit<Backlog, 'deadLetters'>;

/**
 * How much of all these streams the group has not acknowledged, and how long the oldest waits.
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
  const length = await look(redis, stream, ages);
  const undelivered = await firstAfter(redis, stream, info?.['last-delivered-id'] ?? '0-0');
  const held = info?.pending ?? 0;
  const pending = held + (undelivered === undefined ? 0 : undeliveredOf(length, held, info));
  const oldest = held > 0 ? (await readPending(redis, stream, group)).oldest : null;
  const id = oldest ?? undelivered;
  return { pending, oldestAgeMs: id === undefined ? undefined : await ageOf(redis, stream, ages, id) };
}

/** @returns the length of the stream */
async function look(redis: RedisConnection, stream: string, ages: Ages): Promise<number> {
  const before = performance.now();
  try {
    const about = (await redis.send(stream, ['XINFO', 'STREAM', stream])) as StreamInfo;
    ages.saw(sequenceOf(about['last-generated-id']), before, performance.now());
    return about.length;
  } catch (error) {
    if (isGroupMissing(error)) return 0;
    throw error;
  }
}

interface StreamInfo {
  readonly length: number;
  readonly 'last-generated-id': string;
}

async function ageOf(redis: RedisConnection, stream: string, ages: Ages, id: string): Promise<number> {
  const [seconds, micros] = (await redis.send(stream, ['TIME'])) as [string, string];
  return ages.of(sequenceOf(id), Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000) - addedAt(id));
}

/**
 * How many entries are undelivered, where at least one is. Redis' own count is not always there, and
 * after a crash it may stay wrong for good, so it is held against the length of the stream. What is
 * acknowledged and not yet trimmed is in that too: the number may be too high for a second.
 */
function undeliveredOf(length: number, held: number, info: GroupInfo | undefined): number {
  return Math.max(1, Math.min(info?.lag ?? Number.POSITIVE_INFINITY, length - held));
}

async function firstAfter(redis: RedisConnection, stream: string, id: string): Promise<string | undefined> {
  const [first] = (await redis.send(stream, ['XRANGE', stream, `(${id}`, '+', 'COUNT', '1'])) as Entry[];
  return first?.[0];
}
