import { readFileSync } from 'node:fs';
import {
  choice,
  type Environment,
  flag,
  InvalidSettings,
  text,
  variables,
  wholeNumber,
} from '@voting/runtime';
import { parseRedisUrl, type RedisQueueConfig, type RedisTls, redisDefaults } from './config.ts';
import { mostPartitions } from './streams.ts';

const readVariables = variables(
  {
    REDIS_URL: text().optional(),
    REDIS_HOST: text().optional(),
    REDIS_PORT: wholeNumber(1, 65_535).prefault(String(redisDefaults.port)),
    REDIS_USERNAME: text().optional(),
    REDIS_PASSWORD: text().optional(),
    REDIS_TLS: flag().prefault('false'),
    REDIS_TLS_CA_FILE: text().optional(),
    REDIS_CLUSTER: flag().prefault('false'),
    QUEUE_PARTITIONS: wholeNumber(1, mostPartitions).prefault(String(redisDefaults.partitions)),
  },
  { secrets: ['REDIS_URL', 'REDIS_PASSWORD'] },
);

/** Reads `REDIS_URL`, or `REDIS_HOST` and its companions; and how the votes are spread. */
export function readRedisSettings(env: Environment): RedisQueueConfig {
  const settings = readVariables(env);
  const faults: string[] = [];
  const address = addressIn(settings, faults);
  const ca = authorities(settings.REDIS_TLS_CA_FILE, faults);
  if (address === undefined || faults.length > 0) throw new InvalidSettings(faults);
  const tls = settings.REDIS_TLS ? {} : address.tls;
  return {
    ...address,
    username: settings.REDIS_USERNAME ?? address.username,
    password: settings.REDIS_PASSWORD ?? address.password,
    tls: tls && { ...tls, ...(ca !== undefined && { ca }) },
    cluster: settings.REDIS_CLUSTER,
    deadlineMs: redisDefaults.deadlineMs,
    stream: redisDefaults.stream,
    partitions: settings.QUEUE_PARTITIONS,
  };
}

const readDurability = variables({ REDIS_DURABILITY: choice('checked', 'trusted').default('checked') });

/**
 * `REDIS_DURABILITY`: with `trusted` somebody vouches that Redis keeps what it acknowledges, although its
 * settings do not show it. Else production (`NODE_ENV`) does not start without seeing it.
 */
export function readDurabilitySettings(env: Environment): { readonly required: boolean } {
  const { REDIS_DURABILITY } = readDurability(env);
  return { required: REDIS_DURABILITY === 'checked' && env.NODE_ENV === 'production' };
}

interface Address {
  readonly host: string;
  readonly port: number;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: RedisTls | undefined;
}

function addressIn(settings: ReturnType<typeof readVariables>, faults: string[]): Address | undefined {
  if (settings.REDIS_URL === undefined) {
    if (settings.REDIS_HOST !== undefined) return { host: settings.REDIS_HOST, port: settings.REDIS_PORT };
    faults.push('REDIS_HOST: missing (or set REDIS_URL)');
    return undefined;
  }
  try {
    return parseRedisUrl(settings.REDIS_URL);
  } catch (error) {
    faults.push(`REDIS_URL: ${(error as Error).message}`);
    return undefined;
  }
}

function authorities(file: string | undefined, faults: string[]): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    faults.push(`REDIS_TLS_CA_FILE: cannot be read (${(error as Error).message})`);
    return undefined;
  }
}
