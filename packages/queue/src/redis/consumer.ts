import type { Delivery, VoteConsumer } from '@voting/core';
import { readBacklog } from './backlog.ts';
import type { RedisConsumerConfig } from './config.ts';
import { connectRedis } from './connection.ts';
import { moveToDeadLetters } from './dead-letters.ts';
import { type Entry, parseReceipt, toDelivery } from './entries.ts';
import { asConsumerFailure, isGroupMissing } from './failures.ts';
import { removeGoneConsumers } from './gone-consumers.ts';
import { createPartition, type Partition } from './partition.ts';
import { streamNames } from './streams.ts';
import { trim } from './trimming.ts';

/** Longest single wait in Redis; shorter than the silence after which a connection counts as dead. */
const longestWaitMs = 500;
const trimEveryMs = 1_000;
/** A consumer that has not been heard of for so long does not come back under its name. */
const goneAfterMs = 3_600_000;

/**
 * A member of the consumer group on all partitions. It delivers what it was given before under the
 * same name, then what others have held for `claimIdleMs`, then what is new. `read` is meant to be
 * called by one reader; while nobody calls it, nothing is claimed, so that workers which all wait for
 * the store do not take each other's votes.
 *
 * Everything rejects with `queue_unavailable` and can be tried again. `onError` is told of every
 * connection that fails and of housekeeping that did not work; nothing is lost by either.
 */
export function createRedisConsumer(
  config: RedisConsumerConfig,
  onError: (error: Error) => void,
): VoteConsumer {
  const { group } = config;
  const redis = connectRedis(config, onError);
  const streams = streamNames(config);
  const partitions = streams.map((stream) => createPartition(config, stream, redis, onError));
  /** Delivered to this consumer and not handed out yet. */
  const ready: Delivery[] = [];
  /** Partitions that are being waited on, perhaps since an earlier `read`. */
  const waiting = new Set<Partition>();
  /** What went wrong since the current `read` began. */
  const failures = new Map<Partition, unknown>();
  /** Streams from which something may be trimmed. */
  const untrimmed = new Set<string>();
  const due = { claim: 0, trim: 0, removal: 0 };
  let wake = () => {};
  let closed = false;

  /** Asks partitions at once. One that fails is left alone until the next `read`, and holds up no other. */
  async function gather(
    from: readonly Partition[],
    ask: (partition: Partition) => Promise<readonly Entry[]>,
  ): Promise<void> {
    const able = from.filter((partition) => !failures.has(partition));
    await Promise.all(able.map((partition) => receive(partition, ask(partition))));
  }

  async function receive(partition: Partition, entries: Promise<readonly Entry[]>): Promise<void> {
    try {
      for (const entry of await entries) ready.push(toDelivery(partition.stream, entry));
    } catch (error) {
      failures.set(partition, error);
    }
  }

  async function claim(count: number): Promise<void> {
    if (Date.now() < due.claim) return;
    await gather(partitions, (partition) => partition.claim(count));
    const more = partitions.some(({ claimable }) => claimable);
    due.claim = more ? 0 : Date.now() + config.claimIdleMs / 2;
  }

  /** Not from those that are being waited on: their answer has to come first, to keep the order. */
  async function takeNew(count: number): Promise<void> {
    const free = partitions.filter((partition) => !waiting.has(partition));
    await gather(free, (partition) => partition.takeNew(count));
  }

  async function awaitNew(count: number, until: number): Promise<void> {
    while (isEmpty()) {
      const left = until - Date.now();
      if (left <= 0) return;
      for (const partition of partitions) {
        if (!waiting.has(partition) && !failures.has(partition)) waitFor(partition, count, left);
      }
      if (waiting.size === 0) return;
      await wakeUp(left);
    }
  }

  async function waitFor(partition: Partition, count: number, ms: number): Promise<void> {
    waiting.add(partition);
    await receive(partition, partition.awaitNew(count, Math.min(ms, longestWaitMs)));
    waiting.delete(partition);
    wake();
  }

  /** Resolves at the next `wake`, at the latest after `ms`. */
  function wakeUp(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
    return promise;
  }

  function isEmpty(): boolean {
    return ready.length === 0 && !closed;
  }

  async function keepHouse(): Promise<void> {
    const now = Date.now();
    const chores: Promise<void>[] = [];
    if (now >= due.trim && untrimmed.size > 0) {
      due.trim = now + trimEveryMs;
      for (const stream of untrimmed) chores.push(trim(redis, stream, group));
      untrimmed.clear();
    }
    if (now >= due.removal) {
      due.removal = now + goneAfterMs / 2;
      for (const stream of streams) chores.push(removeGoneConsumers(redis, stream, group, goneAfterMs));
    }
    for (const chore of await Promise.allSettled(chores)) {
      if (chore.status === 'rejected' && !closed && !isGroupMissing(chore.reason)) onError(chore.reason);
    }
  }

  return {
    async read(limit, waitMs) {
      const until = Date.now() + waitMs;
      // Together the partitions are not to give more than is asked for.
      const count = Math.max(1, Math.floor(limit / partitions.length));
      failures.clear();
      do {
        if (isEmpty()) await keepHouse();
        if (isEmpty()) await gather(partitions, (partition) => partition.takeAgain(count));
        if (isEmpty()) await claim(count);
        if (isEmpty()) await takeNew(count);
        if (isEmpty()) await awaitNew(count, Math.min(until, due.claim));
      } while (isEmpty() && failures.size < partitions.length && Date.now() < until);
      if (closed) return [];
      const [failure] = failures.values();
      if (ready.length === 0 && failure !== undefined) throw asConsumerFailure(failure);
      return ready.splice(0, limit);
    },
    async ack(deliveries) {
      const ids = new Map<string, string[]>();
      for (const { receipt } of deliveries) {
        const { stream, id } = parseReceipt(receipt);
        const known = ids.get(stream);
        if (known === undefined) ids.set(stream, [id]);
        else known.push(id);
      }
      try {
        await Promise.all(
          Array.from(ids, async ([stream, own]) => {
            await redis.send(stream, ['XACK', stream, group, ...own]);
            untrimmed.add(stream);
          }),
        );
      } catch (error) {
        throw asConsumerFailure(error);
      }
    },
    async bury(delivery, reason) {
      try {
        await moveToDeadLetters(redis, group, delivery, reason);
      } catch (error) {
        throw asConsumerFailure(error);
      }
    },
    async backlog() {
      try {
        return await readBacklog(redis, streams, group);
      } catch (error) {
        throw asConsumerFailure(error);
      }
    },
    async close() {
      closed = true;
      redis.close();
      for (const partition of partitions) partition.close();
      wake();
    },
  };
}
