import type { RedisConnection } from './connection.ts';

/** What Redis tells of a consumer group. */
export interface GroupInfo {
  readonly name: string;
  /** Entries delivered and not acknowledged. */
  readonly pending: number;
  readonly 'last-delivered-id': string;
}

/** The group on this stream, or undefined where there is none. Rejects when there is no stream. */
export async function readGroupInfo(
  redis: RedisConnection,
  stream: string,
  group: string,
): Promise<GroupInfo | undefined> {
  const groups = (await redis.send(stream, ['XINFO', 'GROUPS', stream])) as readonly GroupInfo[];
  return groups.find(({ name }) => name === group);
}

/** How many entries of this group wait for an acknowledgement, and the oldest of them. */
export async function readPending(
  redis: RedisConnection,
  stream: string,
  group: string,
): Promise<{ readonly count: number; readonly oldest: string | null }> {
  const [count, oldest] = (await redis.send(stream, ['XPENDING', stream, group])) as [number, string | null];
  return { count, oldest };
}
