import { ErrorReply } from 'redis';
import type { RedisConfig } from './config.ts';
import { connectRedis, type RedisConnection } from './connection.ts';

/** What Redis must be set to, so that it loses nothing that it has acknowledged. */
const needed = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' } as const;

type Setting = keyof typeof needed;

/** A setting that is not as it has to be; `found` is undefined where Redis does not show it. */
export interface Shortcoming {
  readonly setting: Setting;
  readonly found: string | undefined;
}

/**
 * Looks at the settings of one Redis node that decide whether an acknowledged vote survives. Where it may not
 * ask for them (managed stores), it takes what INFO shows, which does not say when the file is written.
 *
 * @returns what falls short, nothing where all is as it has to be; rejects when Redis does not answer
 */
async function readShortcomings(redis: RedisConnection): Promise<readonly Shortcoming[]> {
  const found = await readSettings(redis);
  return (Object.keys(needed) as Setting[])
    .filter((setting) => found.get(setting) !== needed[setting])
    .map((setting) => ({ setting, found: found.get(setting) }));
}

async function readSettings(redis: RedisConnection): Promise<ReadonlyMap<string, string>> {
  try {
    const answer = await redis.send('', ['CONFIG', 'GET', ...Object.keys(needed)]);
    return new Map(Object.entries(answer as Record<string, string>));
  } catch (error) {
    if (!(error instanceof ErrorReply)) throw error;
    return readInfo(redis);
  }
}

async function readInfo(redis: RedisConnection): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  try {
    const about = `${await redis.send('', ['INFO', 'persistence'])}\n${await redis.send('', ['INFO', 'memory'])}`;
    const [, enabled] = /^aof_enabled:(\d)/m.exec(about) ?? [];
    const [, policy] = /^maxmemory_policy:(\S+)/m.exec(about) ?? [];
    if (enabled !== undefined) found.set('appendonly', enabled === '1' ? 'yes' : 'no');
    if (policy !== undefined) found.set('maxmemory-policy', policy);
  } catch (error) {
    if (!(error instanceof ErrorReply)) throw error;
  }
  return found;
}

/** `appendfsync is everysec, not always`, for people. */
export function describeShortcomings(shortcomings: readonly Shortcoming[]): string {
  return shortcomings
    .map(
      ({ setting, found }) =>
        `${setting} ${found === undefined ? 'cannot be seen' : `is ${found}`}, not ${needed[setting]}`,
    )
    .join('; ');
}

export interface DurabilityWatch {
  /** Resolves with the first answer, for whoever does not start without it. */
  readonly first: Promise<readonly Shortcoming[]>;
  close(): void;
}

const lookEveryMs = 60_000;
const retryMs = 1_000;

/**
 * Looks at once and every minute. In a cluster it sees one node.
 *
 * @param onSeen told of each look that Redis answered
 * @param onError told of every connection that fails
 */
export function watchDurability(
  config: RedisConfig,
  onSeen: (shortcomings: readonly Shortcoming[]) => void,
  onError: (error: Error) => void,
): DurabilityWatch {
  const redis = connectRedis(config, onError);
  const first = Promise.withResolvers<readonly Shortcoming[]>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function look(): Promise<void> {
    const shortcomings = await readShortcomings(redis).catch(() => undefined);
    if (closed) return;
    if (shortcomings !== undefined) {
      first.resolve(shortcomings);
      onSeen(shortcomings);
    }
    timer = setTimeout(look, shortcomings === undefined ? retryMs : lookEveryMs);
  }

  void look();
  return {
    first: first.promise,
    close() {
      closed = true;
      clearTimeout(timer);
      redis.close();
    },
  };
}
