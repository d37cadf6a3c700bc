import { setTimeout as pause } from 'node:timers/promises';
import { createKnownDefinitions, type Directory, type KnownDefinitions } from '@voting/core';
import { createRedisClock } from './clock.ts';
import type { RedisQueueConfig } from './config.ts';
import { connectRedis } from './connection.ts';
import { openDefinitions, type Position } from './definitions.ts';
import { asFailure } from './failures.ts';

export interface RedisDirectory extends Directory {
  /**
   * Resolves when it knows all rooms and polls.
   *
   * @throws {VotingError} `queue_unavailable`, with what keeps it from that
   */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** A quarter of what it may be behind: it is asked for, and the answer has to come. */
const askEveryMs = 250;
const staleAfterMs = 1_000;

/**
 * Follows the definitions in Redis. It asks four times a second, also because a line that is dead would otherwise look like one
 * on which nothing happens. After a cut it goes on where it was; when Redis has lost them, or they are too many to catch up
 * with, it takes all of them anew.
 *
 * @param onError told of every connection that fails
 */
export function createRedisDirectory(
  config: RedisQueueConfig,
  onError: (error: Error) => void,
): RedisDirectory {
  const redis = connectRedis(config, onError);
  const definitions = openDefinitions(redis, config, config.deadlineMs);
  const clock = createRedisClock(redis);
  const stopping = new AbortController();
  let known: KnownDefinitions = createKnownDefinitions();
  let position: Position | undefined;
  let heardAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    const askedAt = performance.now();
    const news = await definitions.since(position);
    // what was lost with a former founding must not outlive it
    if (news.position.founding !== position?.founding) known = createKnownDefinitions();
    for (const definition of news.definitions) known.learn(definition);
    position = news.position;
    heardAt = askedAt;
    clock.hear(news.time);
  }

  function askOnce(): Promise<void> {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      // what is wrong is said by the connection, and by whoever waits until it is ready
      await askOnce().catch(() => {});
      await pause(askEveryMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  const following = follow();
  return {
    room: (id) => known.room(id),
    poll: (id) => known.poll(id),
    rooms: () => known.rooms(),
    now: () => clock.at(performance.now()),
    get isCurrent() {
      return performance.now() - heardAt < staleAfterMs;
    },
    async ready() {
      if (position !== undefined) return;
      await askOnce().catch((error: unknown) => {
        throw asFailure(error);
      });
    },
    async close() {
      stopping.abort();
      redis.close();
      await following;
    },
  };
}
