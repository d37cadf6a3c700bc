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

/** What PostgreSQL has of a poll. */
export interface StoredPoll {
  /** The choice of every voter. */
  readonly choices: ReadonlyMap<string, string>;
  /** Votes by option. */
  readonly tally: Readonly<Record<string, number>>;
  /** Voters in all steps of the timeline. */
  readonly timed: number;
}

const nothing: StoredPoll = { choices: new Map(), tally: {}, timed: 0 };

/** Of one poll: what it has of it. The tables are read one after the other. */
export async function storedPoll(system: System, poll: string): Promise<StoredPoll> {
  return (await read(system, poll)).get(poll) ?? nothing;
}

/** The same of every poll that any of the tables has something of. */
export function storedPolls(system: System): Promise<ReadonlyMap<string, StoredPoll>> {
  return read(system, null);
}

async function read({ databaseUrl }: System, poll: string | null): Promise<ReadonlyMap<string, StoredPoll>> {
  const where = poll === null ? '' : `WHERE poll = '${poll}'`;
  const votes = await query(databaseUrl, `SELECT poll, id, vote FROM votes ${where}`);
  const tallies = await query(
    databaseUrl,
    `SELECT poll, option, sum(votes) AS votes FROM tallies ${where} GROUP BY poll, option`,
  );
  const timeline = await query(
    databaseUrl,
    `SELECT poll, sum(votes) AS votes FROM timeline ${where} GROUP BY poll`,
  );
  const polls = new Set([...votes, ...tallies, ...timeline].map((row) => String(row.poll)));
  const [votesOf, talliesOf] = [votes, tallies].map((rows) => Map.groupBy(rows, (row) => String(row.poll)));
  const timed = new Map(timeline.map((row) => [String(row.poll), Number(row.votes)]));
  return new Map(
    Array.from(polls, (id): [string, StoredPoll] => [
      id,
      {
        choices: new Map(votesOf?.get(id)?.map(({ id, vote }) => [String(id), String(vote)])),
        tally: Object.fromEntries(
          talliesOf?.get(id)?.map(({ option, votes }) => [String(option), Number(votes)]) ?? [],
        ),
        timed: timed.get(id) ?? 0,
      },
    ]),
  );
}
