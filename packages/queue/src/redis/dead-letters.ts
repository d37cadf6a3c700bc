import type { Delivery } from '@voting/core';
import type { RedisConnection } from './connection.ts';
import { type Entry, parseReceipt } from './entries.ts';
import { deadLetterStream } from './streams.ts';

/**
 * Moves an entry to the dead-letter stream: its id as `entry`, the `reason`, then its own fields as
 * they were. It is acknowledged after the copy is kept, so it is never lost; whoever is interrupted
 * in between buries it again, and the two copies have the same `entry`. What has been acknowledged
 * before, by an earlier burial for example, is left alone.
 */
export async function moveToDeadLetters(
  redis: RedisConnection,
  group: string,
  delivery: Delivery,
  reason: string,
): Promise<void> {
  const { stream, id } = parseReceipt(delivery.receipt);
  const [pending, [entry]] = (await Promise.all([
    redis.send(stream, ['XPENDING', stream, group, id, id, '1']),
    redis.send(stream, ['XRANGE', stream, id, id]),
  ])) as [readonly unknown[], readonly Entry[]];
  if (pending.length === 0) return;
  const fields = entry?.[1] ?? ['poll', delivery.poll, 'voter', delivery.voter, 'option', delivery.option];
  const dead = deadLetterStream(stream);
  await redis.send(dead, ['XADD', dead, '*', 'entry', id, 'reason', reason, ...fields]);
  await redis.send(stream, ['XACK', stream, group, id]);
}
