/** How Redis is reached, and what it may cost in time. */
export interface RedisConfig {
  /** One node, or any node of the cluster: the others are learned from it. */
  readonly host: string;
  readonly port: number;
  /** Absent: Redis' own `default` user. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Absent: no TLS. An empty object: TLS, checked against the system's authorities. */
  readonly tls?: RedisTls | undefined;
  /** Whether the streams are spread over the nodes of a Redis Cluster. */
  readonly cluster: boolean;
  /** Milliseconds after which a command that Redis has not answered counts as failed. */
  readonly deadlineMs: number;
}

export interface RedisTls {
  /** Certificates (PEM) of the authorities to trust instead of the system's. */
  readonly ca?: string | undefined;
  /** The name the certificate must carry, where it is not `host`. */
  readonly servername?: string | undefined;
}

/** Where the votes lie. Whoever appends and whoever consumes must agree on it. */
export interface RedisStreams {
  /** The name of the stream, and what the names of all partitions start with. */
  readonly stream: string;
  /** Over how many streams the voters are spread. To change it, let the workers empty the queue first. */
  readonly partitions: number;
}

export interface RedisQueueConfig extends RedisConfig, RedisStreams {}

export interface RedisConsumerConfig extends RedisQueueConfig {
  readonly group: string;
  /** Tells this consumer from all others of the group that run at the same time. */
  readonly consumer: string;
  /** Milliseconds after which a vote that its consumer has not acknowledged is given to another. */
  readonly claimIdleMs: number;
}

/** Everything but the address and the consumer's name. */
export const redisDefaults = {
  port: 6379,
  cluster: false,
  deadlineMs: 1_500,
  stream: 'votes',
  partitions: 1,
  group: 'tally',
  claimIdleMs: 10_000,
} as const;

/**
 * The address in `redis://user:password@host:port`, or `rediss://` for TLS.
 *
 * @throws {TypeError} with a message that does not repeat the password
 */
export function parseRedisUrl(
  text: string,
): Pick<RedisConfig, 'host' | 'port' | 'username' | 'password' | 'tls'> {
  const url = URL.parse(text);
  if (
    url === null ||
    !/^rediss?:$/.test(url.protocol) ||
    url.hostname === '' ||
    !/^\/?0?$/.test(url.pathname)
  ) {
    throw new TypeError('must be redis://[user:password@]host[:port], or rediss:// for TLS');
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? redisDefaults.port : Number(url.port),
    ...(url.username !== '' && { username: decodeURIComponent(url.username) }),
    ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
    ...(url.protocol === 'rediss:' && { tls: {} }),
  };
}
