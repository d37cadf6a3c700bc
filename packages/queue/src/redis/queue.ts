import { type VoteQueue, VotingError } from '@voting/core';
import { type Appender, createAppender } from './appender.ts';
import type { RedisQueueConfig } from './config.ts';
import { connectRedis } from './connection.ts';
import { partitionOf, streamNames } from './streams.ts';

export interface RedisQueue extends VoteQueue {
  /**
   * Resolves when a partition takes votes: Redis answers, and a worker has founded its stream and put the gates of polls
   * in place. For a service that waits for it before it is ready.
   *
   * @throws {VotingError} `queue_unavailable`, or `queue_foreign` when Redis holds something else under our name
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
 * later than `deadlineMs` is not appended. So it cannot replace what its voter chooses next. While no worker
 * has founded a stream, because it is new or Redis has lost it, its votes are refused.
 *
 * It connects at once and for as long as it takes; only votes that come before the first attempt has
 * ended wait for it. `onError` is told of every connection that fails.
 */
export function createRedisQueue(config: RedisQueueConfig, onError: (error: Error) => void): RedisQueue {
  const connection = connectRedis(config, onError);
  const streams = streamNames(config);
  const appenders = streams.map((stream) =>
    createAppender(stream, streams.length, connection, config.deadlineMs),
  );
  let closed = false;

  return {
    append(vote) {
      if (closed) {
        return Promise.reject(new VotingError('queue_unavailable', { cause: new Error('queue closed') }));
      }
      return (appenders[partitionOf(vote.voter, appenders.length)] as Appender).append(vote);
    },
    async check() {
      // not all of them: a node of a cluster that is down holds up nobody else
      await Promise.any(appenders.map((appender) => appender.check())).catch(({ errors }: AggregateError) => {
        throw errors[0];
      });
    },
    async close() {
      closed = true;
      await Promise.all(appenders.map((appender) => appender.idle()));
      connection.close();
    },
  };
}
