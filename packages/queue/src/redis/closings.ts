import type { Closing } from '@voting/core';
import type { RedisConnection } from './connection.ts';
import { readScript } from './script.ts';
import { gatesKey } from './streams.ts';

const script = readScript('./allow-oom.lua', './stream.lua', './gate.lua', './closings.lua');

/** Polls of one call at most: Redis does nothing else meanwhile. */
const mostPolls = 500;

/** Those of `polls` that are closed in every one of `streams`, with the earliest opening of which that is so. */
export async function readClosings(
  redis: RedisConnection,
  streams: readonly string[],
  group: string,
  polls: readonly string[],
  deadlineMs: number,
): Promise<ReadonlyMap<string, Closing>> {
  const closings = new Map<string, Closing>();
  for (let from = 0; from < polls.length; from += mostPolls) {
    const asked = polls.slice(from, from + mostPolls);
    const answers = await Promise.all(
      streams.map((stream) =>
        script.run(redis, [stream, gatesKey(stream)], [group, ...asked], performance.now() + deadlineMs),
      ),
    );
    for (const [i, poll] of asked.entries()) {
      const inEach = (answers as readonly (readonly number[])[]).map((answer) => ({
        opening: answer[2 * i] as number,
        acknowledged: answer[2 * i + 1] === 1,
      }));
      const opening = Math.min(...inEach.map((one) => one.opening));
      if (opening === 0) continue;
      const counted = inEach.every((one) => one.opening === opening && one.acknowledged);
      closings.set(poll, { opening, counted });
    }
  }
  return closings;
}
