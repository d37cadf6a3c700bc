import { type VoteQueue, VotingError } from '@voting/core';
import { type Appender, createAppender } from './appender.ts';
import type { RedisQueueConfig } from './config.ts';
import { connectRedis } from './connection.ts';
import { asAppendFailure } from './failures.ts';
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
  let closed = false;

  return {
    append(vote) {
      if (closed) {
        return Promise.reject(new VotingError('queue_unavailable', { cause: new Error('queue closed') }));
      }
      return (appenders[partitionOf(vote.voter, appenders.length)] as Appender).append(vote);
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
      await Promise.all(appenders.map((appender) => appender.idle()));
      connection.close();
    },
  };
}
