import type { RedisConsumerConfig } from './config.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import type { Entry } from './entries.ts';
import { isGroupMissing } from './failures.ts';
import type { Foundation } from './foundation.ts';

/** One stream as one consumer reads it. It is founded again when Redis has lost it or its group. */
export interface Partition {
  readonly stream: string;
  /** At most `count` entries that this consumer was given in an earlier life or in an answer it did not get. */
  takeAgain(count: number): Promise<readonly Entry[]>;
  /** At most `count` entries that no consumer has had yet. */
  takeNew(count: number): Promise<readonly Entry[]>;
  /** The same, but waits up to `ms` for the first, on a connection of its own. Not while `takeNew` runs. */
  awaitNew(count: number, ms: number): Promise<readonly Entry[]>;
  /** At most `count` entries that other consumers, probably dead, have held for too long. */
  claim(count: number): Promise<readonly Entry[]>;
  /** Whether the last `claim` has not seen everything there is to claim. */
  readonly claimable: boolean;
  close(): void;
}

/** Where a search for claimable entries begins, and what it answers when it has seen all. */
const beginning = '0-0';

type Streams = Readonly<Record<string, readonly Entry[]>>;

export function createPartition(
  config: RedisConsumerConfig,
  stream: string,
  { redis, foundation }: { readonly redis: RedisConnection; readonly foundation: Foundation },
  onError: (error: Error) => void,
): Partition {
  const { group, consumer, deadlineMs } = config;
  /** Up to here this consumer has seen again what it was given before; undefined when it has seen all. */
  let seenAgain: string | undefined = beginning;
  let claimCursor = beginning;
  let waiter: RedisConnection | undefined;

  async function withGroup<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      if (!isGroupMissing(error)) throw error;
      await foundation.found(stream);
      return ask();
    }
  }

  async function readGroup(from: string, count: number, on = redis, blocksMs = 0): Promise<readonly Entry[]> {
    const limits = ['COUNT', String(count)];
    if (blocksMs > 0) limits.push('BLOCK', String(Math.ceil(blocksMs)));
    const command = ['XREADGROUP', 'GROUP', group, consumer, ...limits, 'STREAMS', stream, from];
    const reply = (await withGroup(() => on.send(stream, command, deadlineMs + blocksMs))) as Streams | null;
    return reply?.[stream] ?? [];
  }

  async function readNew(count: number, on?: RedisConnection, blocksMs?: number): Promise<readonly Entry[]> {
    try {
      return await readGroup('>', count, on, blocksMs);
    } catch (error) {
      // Redis may have given out entries in an answer that never came.
      seenAgain = beginning;
      throw error;
    }
  }

  return {
    stream,
    async takeAgain(count) {
      if (seenAgain === undefined) return [];
      const entries = await readGroup(seenAgain, count);
      seenAgain = entries.at(-1)?.[0];
      return entries;
    },
    takeNew: (count) => readNew(count),
    awaitNew(count, ms) {
      waiter ??= connectRedis(config, onError);
      return readNew(count, waiter, ms);
    },
    async claim(count) {
      const limits = [String(config.claimIdleMs), claimCursor, 'COUNT', String(count)];
      const command = ['XAUTOCLAIM', stream, group, consumer, ...limits];
      const reply = await withGroup(() => redis.send(stream, command));
      const [cursor, entries] = reply as [string, readonly Entry[]];
      claimCursor = cursor;
      return entries;
    },
    get claimable() {
      return claimCursor !== beginning;
    },
    close() {
      waiter?.close();
    },
  };
}
