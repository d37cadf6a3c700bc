import type { Delivery } from '@voting/core';
import type { RedisConnection } from './connection.ts';
import { type Entry, takePlace } from './entries.ts';
import { isGroupMissing } from './failures.ts';
import { entryOf } from './held-entries.ts';
import { type Fields, isRecordBatch } from './record-batch.ts';
import { deadLetterStream } from './streams.ts';

/**
 * Dead letters that a stream keeps. Whoever may write to Redis could otherwise fill its memory with them,
 * so that it takes no votes; of more, the oldest are given up.
 */
export const mostDeadLetters = 100_000;

/**
 * Copies a vote to the dead-letter stream: its `sequence`, the `reason`, then `poll`, `voter` and `option`. An
 * entry that is no record batch goes there as it is, with its id as `entry`. It is to be settled after the copy is
 * kept, so it is never lost; whoever is interrupted in between buries it again, and the two copies have the same
 * place. What has been acknowledged before, by another consumer for example, is left alone. When Redis has lost
 * the entry, what was delivered of it is kept; when it has lost only the group, the entry comes again.
 */
export async function copyToDeadLetters(
  redis: RedisConnection,
  group: string,
  delivery: Delivery,
  reason: string,
): Promise<void> {
  const { stream, id } = entryOf(delivery);
  const [held, [entry]] = await Promise.all([
    isHeld(redis, stream, group, id),
    redis.send(stream, ['XRANGE', stream, id, id]) as Promise<readonly Entry[]>,
  ]);
  if (held === false || (held === undefined && entry !== undefined)) return;
  const [place, own] = letterOf(id, entry?.[1] ?? undefined, delivery);
  const dead = deadLetterStream(stream);
  const bound = ['MAXLEN', '~', String(mostDeadLetters)];
  await redis.send(dead, ['XADD', dead, ...bound, '*', ...place, 'reason', reason, ...own]);
}

function letterOf(
  id: string,
  fields: Fields | undefined,
  { poll, voter, option, traceparent, sequence }: Delivery,
): readonly [place: Fields, own: Fields] {
  if (fields !== undefined && !isRecordBatch(fields)) {
    const [place = ['entry', id], own] = takePlace(fields);
    return [place, own];
  }
  const trace = traceparent === undefined ? [] : ['traceparent', traceparent];
  return [
    ['sequence', String(sequence)],
    ['poll', poll, 'voter', voter, 'option', option, ...trace],
  ];
}

/** @returns undefined when there is no group */
async function isHeld(
  redis: RedisConnection,
  stream: string,
  group: string,
  id: string,
): Promise<boolean | undefined> {
  try {
    const asked = ['XPENDING', stream, group, id, id, '1'];
    const pending = (await redis.send(stream, asked)) as readonly unknown[];
    return pending.length > 0;
  } catch (error) {
    if (isGroupMissing(error)) return undefined;
    throw error;
  }
}

/** How many dead letters these streams have together. */
export async function countDeadLetters(redis: RedisConnection, streams: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    streams.map(deadLetterStream).map((dead) => redis.send(dead, ['XLEN', dead]) as Promise<number>),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
