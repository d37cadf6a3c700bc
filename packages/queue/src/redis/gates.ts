import {
  type Gate,
  type Gates,
  gateOf,
  type HostedPoll,
  mostVotesInEntry,
  type Sequence,
} from '@voting/core';
import type { RedisQueueConfig } from './config.ts';
import type { RedisConnection } from './connection.ts';
import { firstOfBatch } from './entries.ts';
import { asFailure } from './failures.ts';
import { readScript } from './script.ts';
import { gatesKey, streamNames } from './streams.ts';
import { forgetFields, readFields } from './unstored.ts';

const script = readScript('./allow-oom.lua', './stream.lua', './gate.lua', './post-gates.lua');

/** The gates of polls in every partition. */
export function createGates(config: RedisQueueConfig, redis: RedisConnection): Gates {
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
  };
}

/** Puts gates in place in one partition. @returns the seal of each */
async function postGates(
  redis: RedisConnection,
  stream: string,
  gates: readonly Gate[],
  deadlineMs: number,
): Promise<readonly (Sequence | undefined)[]> {
  const args = gates.flatMap(({ poll, opening, from, until, closed, revision }) => [
    poll,
    String(opening),
    String(from ?? '-'),
    String(until ?? '-'),
    closed ? 'closed' : 'open',
    String(revision),
  ]);
  const answer = await script.run(redis, [stream, gatesKey(stream)], args, performance.now() + deadlineMs);
  return (answer as readonly string[]).map((id) =>
    id === '' ? undefined : firstOfBatch(id) + BigInt(mostVotesInEntry - 1),
  );
}

/**
 * Puts the gates of all polls of the store in place in one partition, and takes away what cannot come from there.
 *
 * @param all the polls of the store
 */
export async function foundGates(
  redis: RedisConnection,
  stream: string,
  all: () => Promise<readonly HostedPoll[]>,
  deadlineMs: number,
): Promise<void> {
  const before = await readFields(redis, gatesKey(stream));
  const polls = await all();
  const revisions = new Map(polls.map(({ id, revision }) => [id, revision]));
  const unstored = [...before].filter(([poll, text]) => {
    const revision = revisions.get(poll);
    return revision === undefined || Number(text.split(' ').at(-1)) > revision;
  });
  await forgetFields(redis, gatesKey(stream), new Map(unstored), deadlineMs);
  const gates = polls.flatMap((poll) => gateOf(poll) ?? []);
  await postGates(redis, stream, gates, deadlineMs);
}
