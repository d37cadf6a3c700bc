import type { Definition, Delivery, Sequence, VoteConsumer } from '@voting/core';
import { acknowledge } from './acknowledging.ts';
import { type Ages, createAges } from './ages.ts';
import { readBacklog } from './backlog.ts';
import { createRedisClock, type RedisClock } from './clock.ts';
import { readClosings } from './closings.ts';
import type { RedisConsumerConfig } from './config.ts';
import { connectRedis } from './connection.ts';
import { copyToDeadLetters, countDeadLetters } from './dead-letters.ts';
import { addedAt, type Entry } from './entries.ts';
import { asFailure, isGroupMissing } from './failures.ts';
import { createFoundation } from './foundation.ts';
import { removeGoneConsumers } from './gone-consumers.ts';
import { createHeldEntries, type HeldEntry, isOpen } from './held-entries.ts';
import { createPartition, type Partition } from './partition.ts';
import { mostVotes } from './record-batch.ts';
import { streamNames } from './streams.ts';
import { trim } from './trimming.ts';

/** Longest single wait in Redis; shorter than the silence after which a connection counts as dead. */
const longestWaitMs = 500;
const trimEveryMs = 1_000;
/** A consumer that has not been heard of for so long does not come back under its name. */
const goneAfterMs = 3_600_000;
/** Entries that are asked for at once at most: each may hold hundreds of votes. */
const mostEntries = 256;

export interface RedisConsumerDeps {
  /** The highest sequence in the store, above which every stream has to go on. */
  readonly newestSequence: () => Promise<Sequence>;
  /** All rooms and polls of the store, which are made known again when Redis has lost them. */
  readonly definitions: () => Promise<readonly Definition[]>;
  /** Told of every connection that fails and of housekeeping that did not work; nothing is lost by either. */
  readonly onError: (error: Error) => void;
  /** Told when a stream was found to be behind what is stored, with its last id. It is not any more. */
  readonly onBehind: (stream: string, id: string) => void;
}

/**
 * A member of the consumer group on all partitions. It delivers what it was given before under the
 * same name, then what others have held for `claimIdleMs`, then what is new. `read` is meant to be
 * called by one reader; while nobody calls it, nothing is claimed, so that workers which all wait for
 * the store do not take each other's votes.
 *
 * From the start to the end it sees to it that votes can be appended to the streams (`foundation.ts`).
 *
 * Everything rejects with `queue_unavailable`, or `queue_foreign`, and can be tried again.
 */
export function createRedisConsumer(config: RedisConsumerConfig, deps: RedisConsumerDeps): VoteConsumer {
  const { group } = config;
  const { onError } = deps;
  const redis = connectRedis(config, onError);
  const streams = streamNames(config);
  const clocks = new Map(streams.map((stream): [string, RedisClock] => [stream, createRedisClock(redis)]));
  const ages = new Map(streams.map((stream): [string, Ages] => [stream, createAges()]));
  const foundation = createFoundation(config, { redis, clocks, ...deps });
  const partitions = streams.map((stream) => createPartition(config, stream, { redis, foundation }, onError));
  const held = createHeldEntries(config.claimIdleMs);
  /** Delivered to this consumer and not handed out yet. */
  const ready: Delivery[] = [];
  /** Partitions that are being waited on, perhaps since an earlier `read`. */
  const waiting = new Set<Partition>();
  /** What went wrong since the current `read` began. */
  const failures = new Map<Partition, unknown>();
  /** Partitions whose last answer was as long as it was allowed to be. */
  const plentiful = new Set<Partition>();
  /** Streams from which something may be trimmed. */
  const untrimmed = new Set<string>();
  /** Votes of an entry, on average of those that came last; before that, as many as there can be. */
  let votesPerEntry = mostVotes;
  /** When to do what again, on the clock of `performance.now()`. */
  const due = { claim: 0, trim: 0, removal: 0 };
  let wake = () => {};
  let closed = false;

  /** How many entries probably hold so many votes. Others are put by for the next `read`, so they are to be few. */
  function entriesFor(votes: number): number {
    return Math.max(1, Math.min(mostEntries, Math.ceil(votes / votesPerEntry)));
  }

  /**
   * Asks partitions at once, each for about so many votes. One that fails is left alone until the next `read`, and
   * holds up no other.
   */
  async function gather(
    from: readonly Partition[],
    votes: number,
    again: boolean,
    ask: (partition: Partition, count: number) => Promise<readonly Entry[]>,
  ): Promise<void> {
    const count = entriesFor(votes);
    const able = from.filter((partition) => !failures.has(partition));
    await Promise.all(able.map((partition) => receive(partition, count, again, ask(partition, count))));
  }

  async function receive(
    partition: Partition,
    count: number,
    again: boolean,
    asked: Promise<readonly Entry[]>,
  ): Promise<void> {
    try {
      const entries = await asked;
      if (entries.length >= count) plentiful.add(partition);
      else plentiful.delete(partition);
      if (entries.length === 0) return;
      const before = ready.length;
      for (const entry of entries) ready.push(...delivered(partition.stream, entry, again));
      votesPerEntry = (ready.length - before) / entries.length;
    } catch (error) {
      failures.set(partition, error);
      plentiful.delete(partition);
    }
  }

  function delivered(stream: string, entry: Entry, again: boolean): readonly Delivery[] {
    const clock = clocks.get(stream) as RedisClock;
    const waitedMs = clock.heard === 0 ? 0 : Math.max(0, clock.at(performance.now()) - addedAt(entry[0]));
    const deliveries = held.hold(stream, entry, again, waitedMs);
    const last = deliveries.at(-1);
    if (last !== undefined) foundation.delivered(stream, last.sequence);
    return deliveries;
  }

  /** Asks each for its share of `limit`, and those again that have more, for what others have left of it. */
  async function share(
    from: readonly Partition[],
    limit: number,
    again: boolean,
    ask: (partition: Partition, count: number) => Promise<readonly Entry[]>,
  ): Promise<void> {
    let hungry = from.filter((partition) => !failures.has(partition));
    while (hungry.length > 0 && ready.length < limit && !closed) {
      const room = limit - ready.length;
      const asked = hungry.slice(0, room);
      await gather(asked, Math.floor(room / asked.length), again, ask);
      hungry = hungry.filter((partition) => !asked.includes(partition) || plentiful.has(partition));
    }
  }

  async function claim(votes: number): Promise<void> {
    if (performance.now() < due.claim) return;
    await gather(partitions, votes, true, (partition, count) => partition.claim(count));
    const more = partitions.some(({ claimable }) => claimable);
    due.claim = more ? 0 : performance.now() + config.claimIdleMs / 2;
  }

  /** Not from those that are being waited on: their answer has to come first, to keep the order. */
  async function takeNew(limit: number): Promise<void> {
    const free = partitions.filter((partition) => !waiting.has(partition));
    await share(free, limit, false, (partition, count) => partition.takeNew(count));
  }

  async function awaitNew(votes: number, until: number): Promise<void> {
    while (isEmpty()) {
      const left = until - performance.now();
      if (left <= 0) return;
      for (const partition of partitions) {
        if (!waiting.has(partition) && !failures.has(partition)) waitFor(partition, entriesFor(votes), left);
      }
      if (waiting.size === 0) return;
      await wakeUp(left);
    }
  }

  async function waitFor(partition: Partition, count: number, ms: number): Promise<void> {
    waiting.add(partition);
    await receive(partition, count, false, partition.awaitNew(count, Math.min(ms, longestWaitMs)));
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
    const now = performance.now();
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

  async function acknowledgeAll(entries: readonly HeldEntry[]): Promise<void> {
    const byStream = Map.groupBy(entries, ({ stream }) => stream);
    try {
      await Promise.all(
        Array.from(byStream, async ([stream, own]) => {
          await acknowledge(redis, stream, group, own, config.deadlineMs);
          untrimmed.add(stream);
        }),
      );
    } catch (error) {
      throw asFailure(error);
    }
  }

  return {
    async read(limit, waitMs) {
      const until = performance.now() + waitMs;
      // Together the partitions are not to give much more than is asked for.
      const each = Math.max(1, Math.floor(limit / partitions.length));
      failures.clear();
      plentiful.clear();
      do {
        if (isEmpty()) await keepHouse();
        if (isEmpty()) await share(partitions, limit, true, (partition, count) => partition.takeAgain(count));
        if (isEmpty()) await claim(each);
        if (isEmpty()) await takeNew(limit);
        if (isEmpty()) await awaitNew(each, Math.min(until, due.claim));
      } while (isEmpty() && failures.size < partitions.length && performance.now() < until);
      if (closed) return [];
      const [failure] = failures.values();
      if (ready.length === 0 && failure !== undefined) throw asFailure(failure);
      return ready.splice(0, limit);
    },
    hasMore: () => ready.length > 0 || plentiful.size > 0,
    async ack(deliveries) {
      const entries = new Set<HeldEntry>();
      for (const delivery of deliveries) {
        const entry = held.settle(delivery);
        if (entry !== undefined) entries.add(entry);
      }
      await acknowledgeAll([...entries]);
    },
    async bury(delivery, reason) {
      try {
        if (isOpen(delivery)) await copyToDeadLetters(redis, group, delivery, reason);
      } catch (error) {
        throw asFailure(error);
      }
      const entry = held.settle(delivery);
      if (entry !== undefined) await acknowledgeAll([entry]);
    },
    async backlog() {
      try {
        const [backlog, deadLetters] = await Promise.all([
          readBacklog(redis, ages, group),
          countDeadLetters(redis, streams),
        ]);
        return { ...backlog, pending: backlog.pending - held.settledEarly(), deadLetters };
      } catch (error) {
        throw asFailure(error);
      }
    },
    async closings(polls) {
      try {
        return await readClosings(redis, streams, group, polls, config.deadlineMs);
      } catch (error) {
        throw asFailure(error);
      }
    },
    async close() {
      closed = true;
      foundation.close();
      redis.close();
      for (const partition of partitions) partition.close();
      wake();
    },
  };
}
