import { type Gate, type Gates, mostVotesInEntry, type Sequence } from '@voting/core';
import type { RedisQueueConfig } from './config.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { firstOfBatch } from './entries.ts';
import { asFailure } from './failures.ts';
import { readScript } from './script.ts';
import { gatesKey, streamNames } from './streams.ts';

export interface RedisGates extends Gates {
  close(): void;
}

const script = readScript('./allow-oom.lua', './stream.lua', './gate.lua', './post-gates.lua');

/** @param onError told of every connection that fails */
export function createRedisGates(config: RedisQueueConfig, onError: (error: Error) => void): RedisGates {
  const redis = connectRedis(config, onError);
  const streams = streamNames(config);

  async function inEach<Answer>(ask: (stream: string) => Promise<Answer>): Promise<Answer[]> {
    const answers = await Promise.allSettled(streams.map(ask));
    return answers.map((answer) => {
      if (answer.status === 'rejected') throw asFailure(answer.reason);
      return answer.value;
    });
  }

  return {
    async post(gate) {
      const seals = await inEach((stream) => postGates(redis, stream, [gate], config.deadlineMs));
      return seals.flat();
    },
    async remove(poll) {
      await inEach((stream) => redis.send(stream, ['HDEL', gatesKey(stream), poll]));
    },
    close: () => redis.close(),
  };
}

/** Puts gates in place in one partition. @returns the seal of each */
export async function postGates(
  redis: RedisConnection,
  stream: string,
  gates: readonly Gate[],
  deadlineMs: number,
): Promise<readonly (Sequence | undefined)[]> {
  const args = gates.flatMap(({ poll, opening, from, until, closed }) => [
    poll,
    String(opening),
    String(from ?? '-'),
    String(until ?? '-'),
    closed ? 'closed' : 'open',
  ]);
  const answer = await script.run(redis, [stream, gatesKey(stream)], args, performance.now() + deadlineMs);
  return (answer as readonly string[]).map((id) =>
    id === '' ? undefined : firstOfBatch(id) + BigInt(mostVotesInEntry - 1),
  );
}
