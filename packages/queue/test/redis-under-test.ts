import { randomUUID } from 'node:crypto';
import {
  type Announcements,
  type Definition,
  type Directory,
  definitionOfPoll,
  type Sequence,
  type VoteConsumer,
  type VoteQueue,
} from '@voting/core';
import { openPoll } from '@voting/core/testing';
import {
  createRedisAnnouncements,
  createRedisConsumer,
  createRedisDirectory,
  createRedisQueue,
  deadLetterStream,
  parseRedisUrl,
  type RedisConsumerConfig,
  type RedisDirectory,
  redisDefaults,
  streamNames,
} from '@voting/queue/redis';
import { createClient, createCluster } from 'redis';
import { foundStreams } from '../../../tests/servers/founded-streams.ts';
import { ownRedis } from '../../../tests/servers/redis.ts';

/** Asks Redis itself, past the adapter: one command on the key it is about. */
export interface RawRedis {
  (key: string, ...args: string[]): Promise<unknown>;
  close(): void;
}

async function openRaw(url: string, cluster = false): Promise<RawRedis> {
  if (cluster) {
    const client = createCluster({ rootNodes: [{ url }], defaults: {}, minimizeConnections: true }).on(
      'error',
      () => {},
    );
    await client.connect();
    const ask = (key: string, ...args: string[]) => client.sendCommand(key, false, args);
    return Object.assign(ask, { close: () => client.destroy() });
  }
  const client = await createClient({ url })
    .on('error', () => {})
    .connect();
  return Object.assign((_key: string, ...args: string[]) => client.sendCommand(args), {
    close: () => client.destroy(),
  });
}

export interface RedisUnderTest {
  readonly config: RedisConsumerConfig;
  readonly streams: readonly string[];
  readonly queue: VoteQueue;
  readonly announcements: Announcements;
  directory(): Promise<Directory>;
  readonly raw: RawRedis;
  /** What the store of the workers is taken to hold. */
  newestSequence: Sequence;
  definitions: readonly Definition[];
  readDefinitions: () => Promise<readonly Definition[]>;
  /** What the connections have complained of so far. */
  readonly errors: Error[];
  consumer(name: string, changes?: Partial<RedisConsumerConfig>): Promise<VoteConsumer>;
  buried(): Promise<Record<string, string>[]>;
  buriedReasons(): Promise<string[]>;
  close(): Promise<void>;
}

/** The polls that most tests vote in, each open. */
const polls: readonly Definition[] = ['main', 'other'].map((id) => definitionOfPoll(openPoll(id)));

/** Others whose gates the tests set; nothing of them is older in the store. */
const others: readonly Definition[] = ['lunch', 'dinner', 'breakfast', 'poll-0', 'poll-1', 'poll-2'].map(
  (id) => definitionOfPoll({ ...openPoll(id), openings: 0, state: 'draft', revision: 1_000 }),
);

/** An empty queue on streams that nobody else uses. They are founded, unless a consumer is to do that. */
export async function openRedis(
  url: string,
  changes: Partial<RedisConsumerConfig> = {},
  founded = true,
): Promise<RedisUnderTest> {
  const config: RedisConsumerConfig = {
    ...redisDefaults,
    ...parseRedisUrl(url),
    stream: `votes-${randomUUID()}`,
    consumer: 'first',
    claimIdleMs: 500,
    ...changes,
  };
  const errors: Error[] = [];
  const onError = (error: Error) => errors.push(error);
  const raw = await openRaw(url, config.cluster);
  const queue = createRedisQueue(config, onError);
  const announcements = createRedisAnnouncements(config, onError);
  const directories: RedisDirectory[] = [];
  const consumers: VoteConsumer[] = [];
  const streams = streamNames(config);
  if (founded) await foundStreams(config, 0n, polls);

  async function buried(): Promise<Record<string, string>[]> {
    const all: Record<string, string>[] = [];
    for (const dead of streams.map(deadLetterStream)) {
      for (const [, fields] of (await raw(dead, 'XRANGE', dead, '-', '+')) as [string, string[]][]) {
        const entry: Record<string, string> = {};
        for (let i = 0; i < fields.length; i += 2) entry[fields[i] as string] = fields[i + 1] as string;
        all.push(entry);
      }
    }
    return all;
  }

  const under: RedisUnderTest = {
    config,
    streams,
    queue,
    announcements,
    async directory() {
      const directory = createRedisDirectory(config, onError);
      directories.push(directory);
      await directory.ready();
      return directory;
    },
    raw,
    errors,
    newestSequence: 0n,
    definitions: [...polls, ...others],
    readDefinitions: async () => under.definitions,
    async consumer(name, changed = {}) {
      const consumer = createRedisConsumer(
        { ...config, consumer: name, ...changed },
        {
          newestSequence: async () => under.newestSequence,
          definitions: async () => under.readDefinitions(),
          onError,
          onBehind: () => {},
        },
      );
      consumers.push(consumer);
      return consumer;
    },
    buried,
    buriedReasons: async () => (await buried()).map(({ reason }) => reason ?? ''),
    async close() {
      for (const consumer of consumers) await consumer.close();
      await queue.close();
      for (const directory of directories) await directory.close();
      announcements.close();
      // Servers of our own go with all they hold.
      if (!ownRedis) {
        for (const stream of streams) await raw(stream, 'DEL', stream, deadLetterStream(stream));
      }
      raw.close();
    },
  };
  return under;
}
