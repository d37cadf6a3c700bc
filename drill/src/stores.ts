import { createClient } from 'redis';
import { query } from '../../tests/servers/postgres.ts';
import type { System } from './system.ts';

type RedisClient = ReturnType<typeof createClient>;

/** Lends a connection of its own to Redis, past all lines. */
export async function withRedis<T>(url: string, work: (client: RedisClient) => Promise<T>): Promise<T> {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 2_000 } });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client as RedisClient);
  } finally {
    client.destroy();
  }
}

/** What in the queue is not counted and acknowledged yet, as Redis tells; undefined when nothing is. */
export function uncounted({ redis }: System): Promise<string | undefined> {
  return withRedis(redis.server.url, async (client) => {
    if ((await client.exists('votes')) === 0) return undefined;
    const [group] = await client.xInfoGroups('votes');
    if (group === undefined) return 'there is no group yet';
    // not its `lag`, which Redis may have lost count of in a crash
    const undelivered = (await client.xRange('votes', `(${group['last-delivered-id']}`, '+')) ?? [];
    if (Number(group.pending) === 0 && undelivered.length === 0) return undefined;
    const consumers = await client.xInfoConsumers('votes', 'tally');
    return `${undelivered.length} entries undelivered, ${JSON.stringify(group)}, ${JSON.stringify(consumers)}`;
  });
}

/** Entries that were set aside as not countable. */
export function deadLetters({ redis }: System): Promise<number> {
  return withRedis(redis.server.url, async (client) => Number(await client.xLen('votes:dead')));
}

/** The choice of every voter, as PostgreSQL has it. */
export async function storedChoices({ databaseUrl }: System): Promise<ReadonlyMap<string, string>> {
  const rows = await query(databaseUrl, 'SELECT id, vote FROM votes');
  return new Map(rows.map(({ id, vote }) => [String(id), String(vote)]));
}

/** The tallies, as PostgreSQL has them. */
export async function tallies({ databaseUrl }: System): Promise<Readonly<Record<string, number>>> {
  const rows = await query(databaseUrl, 'SELECT option, sum(votes) AS votes FROM tallies GROUP BY option');
  return Object.fromEntries(rows.map(({ option, votes }) => [String(option), Number(votes)]));
}
