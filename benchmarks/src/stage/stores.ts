import { createClient } from 'redis';
import { foundStreamsAt } from '../../../tests/servers/founded-streams.ts';
import { type PostgresServer, query, startPostgres } from '../../../tests/servers/postgres.ts';
import { startRedis } from '../../../tests/servers/redis.ts';
import type { Ledger } from '../load/electorate.ts';

export type RedisClient = Awaited<ReturnType<typeof connect>>;

/** A Redis as the product needs it: on disk before it answers, and ready to take votes. */
export async function redisFor(stage: AsyncDisposableStack): Promise<{ url: string; client: RedisClient }> {
  const server = stage.adopt(await startRedis(), (started) => started.stop());
  const client = await connect(server.url);
  stage.defer(() => client.destroy());
  await foundStreamsAt(server.url);
  return { url: server.url, client };
}

function connect(url: string) {
  return createClient({ url })
    .on('error', () => {})
    .connect();
}

/** PostgreSQL with its own defaults, apart from where it keeps things. */
export async function postgresFor(stage: AsyncDisposableStack): Promise<PostgresServer> {
  return stage.adopt(await startPostgres(), (started) => started.stop());
}

/** Resolves when the workers have dealt with everything in these streams. */
export async function drained(client: RedisClient, streams: readonly string[] = ['votes']): Promise<void> {
  for (const stream of streams) {
    for (;;) {
      const [group] = await client.xInfoGroups(stream).catch(() => []);
      if (group?.lag === 0 && group.pending === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** How many votes each option has, counted from the votes and, the same, taken from the tallies. */
export async function countedIn(url: string): Promise<Record<string, number>> {
  const votes = await query(url, 'SELECT vote AS option, count(*)::int AS votes FROM votes GROUP BY 1');
  const tallies = await query(url, 'SELECT option, sum(votes)::int AS votes FROM tallies GROUP BY 1');
  const counted = asTally(votes);
  expectEqual(asTally(tallies), counted, 'the tallies', 'the votes');
  return counted;
}

function asTally(rows: readonly Record<string, unknown>[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ option, votes }) => [String(option), Number(votes)]));
}

/** @throws when what was counted is not what was acknowledged */
export function expectCounted(counted: Readonly<Record<string, number>>, ledgers: readonly Ledger[]): string {
  const promised: Record<string, number> = {};
  for (const { tally } of ledgers) {
    for (const [option, votes] of Object.entries(tally)) promised[option] = (promised[option] ?? 0) + votes;
  }
  expectEqual(counted, promised, 'what was counted', 'what was acknowledged');
  const total = Object.values(promised).reduce((sum, votes) => sum + votes, 0);
  return `${total.toLocaleString('en')} voters, each with the choice that was last acknowledged`;
}

/** @throws when not so many votes were counted */
export function expectTotal(counted: Readonly<Record<string, number>>, expected: number): string {
  const total = Object.values(counted).reduce((sum, votes) => sum + votes, 0);
  if (total !== expected) throw new Error(`Wrong total: ${total} votes were counted, ${expected} were cast`);
  return `${total.toLocaleString('en')} votes stored, the tallies equal a count of them`;
}

function expectEqual(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
  ...names: readonly [string, string]
): void {
  const options = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const option of options) {
    if ((one[option] ?? 0) === (other[option] ?? 0)) continue;
    throw new Error(`Wrong totals: ${names[0]} ${JSON.stringify(one)}, ${names[1]} ${JSON.stringify(other)}`);
  }
}
