import { setTimeout as pause } from 'node:timers/promises';
import { type VoteQueue, VotingError } from '@voting/core';
import { type Append, createAppender } from './appender.ts';
import type { RedisQueueConfig } from './config.ts';
import { connectRedis } from './connection.ts';
import { asAppendFailure, isSettled } from './failures.ts';
import { partitionOf, streamNames } from './streams.ts';

export interface RedisQueue extends VoteQueue {
  /**
   * Resolves when Redis answers, for a service that waits for it before it is ready.
   *
   * @throws {VotingError} `queue_unavailable`
   */
  check(): Promise<void>;
}

/**
 * The way into the streams that the consumers of `createRedisConsumer` read.
 *
 * `append` resolves when Redis has answered, which makes the vote as durable as Redis is configured:
 * `appendonly yes` and `appendfsync always` put it on disk first. It settles within `deadlineMs`,
 * whatever Redis does. A vote refused while there was no connection is never sent. One whose answer was
 * lost has its place in the stream by the time `append` rejects, or never gets one: what reaches Redis
 * later than `deadlineMs` is not appended. So it cannot replace what its voter chooses next.
 *
 * It connects at once and for as long as it takes; only votes that come before the first attempt has
 * ended wait for it. `onError` is told of every connection that fails.
 */
export function createRedisQueue(config: RedisQueueConfig, onError: (error: Error) => void): RedisQueue {
  const connection = connectRedis(config, onError);
  const streams = streamNames(config);
  const appenders = streams.map((stream) => createAppender(stream, connection, config.deadlineMs));
  let underWay = 0;
  let closed = false;
  const idle = Promise.withResolvers<void>();

  return {
    async append(vote) {
      if (closed) {
        throw new VotingError('queue_unavailable', { cause: new Error('queue closed') });
      }
      const append = appenders[partitionOf(vote.voter, appenders.length)] as Append;
      const deadline = performance.now() + config.deadlineMs;
      underWay++;
      try {
        await append(vote);
      } catch (error) {
        // it may still be on its way, although the connection it went over is gone
        if (!isSettled(error)) await pause(Math.max(0, deadline - performance.now()));
        throw asAppendFailure(error);
      } finally {
        underWay--;
        if (closed && underWay === 0) idle.resolve();
      }
    },
    async check() {
      try {
        await connection.send(streams[0] as string, ['PING']);
      } catch (error) {
        throw asAppendFailure(error);
      }
    },
    async close() {
      closed = true;
      if (underWay === 0) idle.resolve();
      await idle.promise;
      connection.close();
    },
  };
}
