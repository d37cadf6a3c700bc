import type { RedisConnection } from './connection.ts';
import type { HeldEntry } from './held-entries.ts';
import { readScript } from './script.ts';
import { waitingKey } from './streams.ts';

const script = readScript('./acknowledge.lua');

/** Entries of one call at most: Lua takes no more arguments than some thousands. */
const mostEntries = 2_000;

/** Acknowledges entries of one stream, in one step each time with the count of what waits. Twice is harmless. */
export async function acknowledge(
  redis: RedisConnection,
  stream: string,
  group: string,
  entries: readonly HeldEntry[],
  deadlineMs: number,
): Promise<void> {
  for (let from = 0; from < entries.length; from += mostEntries) {
    const bySize = Map.groupBy(entries.slice(from, from + mostEntries), ({ votes }) => votes);
    const args = Array.from(bySize, ([votes, alike]) => [votes, alike.length, ...alike.map(({ id }) => id)]);
    await script.run(
      redis,
      [stream, waitingKey(stream)],
      [group, ...args.flat().map(String)],
      performance.now() + deadlineMs,
    );
  }
}
