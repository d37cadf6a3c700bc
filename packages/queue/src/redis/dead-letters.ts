import type { Delivery } from '@voting/core';
import type { RedisConnection } from './connection.ts';
import { type Entry, firstId, parseReceipt } from './entries.ts';
import { isGroupMissing } from './failures.ts';
import { deadLetterStream } from './streams.ts';

/**
 * Dead letters that a stream keeps. Whoever may write to Redis could otherwise fill its memory with them,
 * so that it takes no votes; of more, the oldest are given up.
 */
export const mostDeadLetters = 100_000;

/**
 * Moves an entry to the dead-letter stream: its id as `entry`, the `reason`, then its own fields as
 * they were. It is acknowledged after the copy is kept, so it is never lost; whoever is interrupted
 * in between buries it again, and the two copies have the same `entry`. What has been acknowledged
 * before, by an earlier burial for example, is left alone. When Redis has lost the entry, what was
 * delivered of it is kept; when it has lost only the group, the entry comes again.
 */
export async function moveToDeadLetters(
  redis: RedisConnection,
  group: string,
  delivery: Delivery,
  reason: string,
): Promise<void> {
  const { stream, id } = parseReceipt(delivery.receipt);
  const [held, [entry]] = await Promise.all([
    isHeld(redis, stream, group, id),
    redis.send(stream, ['XRANGE', stream, id, id]) as Promise<readonly Entry[]>,
  ]);
  if (held === false || (held === undefined && entry !== undefined)) return;
  const fields = entry?.[1] ?? ['poll', delivery.poll, 'voter', delivery.voter, 'option', delivery.option];
  const [place, own] = takeFirstId(fields);
  const dead = deadLetterStream(stream);
  const bound = ['MAXLEN', '~', String(mostDeadLetters)];
  await redis.send(dead, ['XADD', dead, ...bound, '*', firstId, place ?? id, 'reason', reason, ...own]);
  if (held) await redis.send(stream, ['XACK', stream, group, id]);
}

/** @returns undefined when there is no group */
async function isHeld(
  redis: RedisConnection,
  stream: string,
  group: string,
  id: string,
): Promise<boolean | undefined> {
  try {
    const pending = (await redis.send(stream, [
      'XPENDING',
      stream,
      group,
      id,
      id,
      '1',
    ])) as readonly unknown[];
    return pending.length > 0;
  } catch (error) {
    if (isGroupMissing(error)) return undefined;
    throw error;
  }
}

/** Separates the first id of an entry that was put back once from its other fields. */
export function takeFirstId(fields: readonly string[]): readonly [string | undefined, readonly string[]] {
  const own: string[] = [];
  let place: string | undefined;
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (fields[i] === firstId) place = fields[i + 1];
    else own.push(fields[i] as string, fields[i + 1] as string);
  }
  return [place, own];
}

/** How many dead letters these streams have together. */
export async function countDeadLetters(redis: RedisConnection, streams: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    streams.map(deadLetterStream).map((dead) => redis.send(dead, ['XLEN', dead]) as Promise<number>),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
