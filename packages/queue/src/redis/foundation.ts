import { castAt, type Definition, entryAt, type HostedPoll, type Sequence, VotingError } from '@voting/core';
import { ErrorReply } from 'redis';
import type { RedisClock } from './clock.ts';
import type { RedisConsumerConfig } from './config.ts';
import type { RedisConnection } from './connection.ts';
import { openDefinitions } from './definitions.ts';
import { foundGates } from './gates.ts';
import { readScript } from './script.ts';
import { definitionsKey, everyStreamName, foundingKey, waitingKey } from './streams.ts';

/**
 * Sees to it that each stream goes on above everything that is stored, before votes are appended to it, and that rooms and
 * polls are known.
 */
export interface Foundation {
  /** Resolves when the stream is founded: it exists, with its group, and takes votes. Rejects if it cannot be. */
  found(stream: string): Promise<void>;
  /** To be told of each vote that is delivered: the stream must go on above it as well. */
  delivered(stream: string, sequence: Sequence): void;
  close(): void;
}

export interface FoundationDeps {
  readonly redis: RedisConnection;
  /** By the stream; told the time with each look. */
  readonly clocks: ReadonlyMap<string, RedisClock>;
  /** The highest sequence in the store. */
  readonly newestSequence: () => Promise<Sequence>;
  /** All rooms and polls of the store. */
  readonly definitions: () => Promise<readonly Definition[]>;
  /** Told each time when founding fails although Redis answers. */
  readonly onError: (error: Error) => void;
  /** Told when the stream had gone back: votes could have got places below older ones. */
  readonly onBehind: (stream: string, id: string) => void;
}

const script = readScript('./life.lua', './count.lua', './stream.lua', './found.lua');
const lookEveryMs = 1_000;

/**
 * Founds the streams at once, looks at them every second, and founds again what is not as it was: the group
 * is gone, Redis is empty, or was a replica until now, or the stream is behind what was delivered here.
 */
export function createFoundation(config: RedisConsumerConfig, deps: FoundationDeps): Foundation {
  const { redis, clocks } = deps;
  const streams = [...clocks.keys()];
  const newest = new Map<string, Sequence>();
  const underWay = new Map<string, Promise<void>>();
  /** Streams, and the definitions, that this process has compared with the store, which need not be again while all looks well. */
  const compared = new Set<string>();
  let retired: Promise<unknown> | undefined;
  const definitions = openDefinitions(redis, config, config.deadlineMs);

  async function run(stream: string, floor: Sequence, mode: 'look' | 'found') {
    // the entry that comes next lies behind the one that the highest sequence is in, or would be in
    const place = [String(castAt(floor)), String(entryAt(floor))];
    const args = [config.group, String(config.partitions), ...place, mode];
    const until = performance.now() + config.deadlineMs;
    const keys = [stream, foundingKey(stream), waitingKey(stream)] as const;
    const answer = await script.run(redis, keys, args, until);
    const [now, founded, behind] = answer as [number, number, string];
    clocks.get(stream)?.hear(now);
    return { founded: founded === 1, behind };
  }

  async function look(stream: string): Promise<void> {
    if (compared.has(stream)) {
      const { founded } = await run(stream, newest.get(stream) ?? 0n, 'look');
      if (founded) return;
    }
    await compare(stream);
  }

  async function compare(stream: string): Promise<void> {
    compared.delete(stream);
    retired ??= retireOtherLayouts();
    await retired;
    const stored = await deps.newestSequence();
    // before votes are taken: a poll that has no gate would refuse them
    await foundGates(redis, stream, storedPolls, config.deadlineMs);
    const delivered = newest.get(stream) ?? 0n;
    const { behind } = await run(stream, stored > delivered ? stored : delivered, 'found');
    compared.add(stream);
    if (behind !== '' && behind !== '0-0') deps.onBehind(stream, behind);
  }

  async function storedPolls(): Promise<readonly HostedPoll[]> {
    const stored = await deps.definitions();
    return stored.flatMap((definition) => (definition.kind === 'poll' ? (definition.poll ?? []) : []));
  }

  /**
   * With another number of partitions nobody reads those streams, and they do not go on above what comes
   * into ours: they are closed until a worker founds them again.
   */
  async function retireOtherLayouts(): Promise<void> {
    const others = everyStreamName(config).filter((stream) => !clocks.has(stream));
    // a node that is down takes no votes either
    await Promise.allSettled(others.map((stream) => redis.send(stream, ['DEL', foundingKey(stream)])));
  }

  function once(stream: string, work: (stream: string) => Promise<void>): Promise<void> {
    const known = underWay.get(stream);
    if (known !== undefined) return known;
    const founding = work(stream).finally(() => underWay.delete(stream));
    underWay.set(stream, founding);
    return founding;
  }

  async function lookAfter(stream: string): Promise<void> {
    await once(stream, look).catch((error: unknown) =>
      complain(`${stream} takes no votes, it cannot be founded`, error),
    );
  }

  async function lookAfterDefinitions(): Promise<void> {
    await once(definitionsKey(config), lookAtDefinitions).catch((error: unknown) =>
      complain('rooms and polls cannot be made known', error),
    );
  }

  async function lookAtDefinitions(): Promise<void> {
    const key = definitionsKey(config);
    if (compared.has(key) && (await definitions.areFounded())) return;
    compared.delete(key);
    await definitions.found(deps.definitions);
    compared.add(key);
  }

  function complain(what: string, error: unknown): void {
    // what is wrong with the connection is said by the connection
    if (!(error instanceof VotingError || error instanceof ErrorReply)) return;
    deps.onError(new Error(`${what}: ${error.message}`, { cause: error }));
  }

  const lookAtAll = () => {
    for (const stream of streams) void lookAfter(stream);
    void lookAfterDefinitions();
  };
  lookAtAll();
  const timer = setInterval(lookAtAll, lookEveryMs);

  return {
    found: (stream) => once(stream, compare),
    delivered(stream, sequence) {
      if (sequence > (newest.get(stream) ?? 0n)) newest.set(stream, sequence);
    },
    close: () => clearInterval(timer),
  };
}
