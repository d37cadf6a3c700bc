import { emptyRedis, readRedisSettings } from '@voting/queue/redis';
import { readSettings } from '@voting/runtime';
import { openEmptying, readPostgresSettings } from '@voting/store/postgres';
import { Refused } from '../program.ts';

const addresses = ['DATABASE_URL', 'POSTGRES_HOST', 'REDIS_URL', 'REDIS_HOST'];
/** Workers report every second. */
const quietForSeconds = 10;

/** Whether the product is one of several processes, between servers. */
export function hasServers(env: NodeJS.ProcessEnv): boolean {
  return addresses.some((name) => Boolean(env[name] || env[`${name}_FILE`]));
}

/**
 * Empties PostgreSQL and Redis: only both together, or what waits in one would be counted into the other.
 *
 * @param confirmed asked with what is going to happen
 * @returns whether it was done
 */
export async function resetServers(
  env: NodeJS.ProcessEnv,
  confirmed: (what: string) => Promise<boolean>,
): Promise<boolean> {
  const { postgres, redis } = readSettings(env, {
    postgres: readPostgresSettings(1),
    redis: readRedisSettings,
  });
  const emptying = openEmptying(postgres, { quietForSeconds });
  try {
    const { rooms, polls, votes, live } = await emptying.look();
    expectNone(live);
    const what = `This would delete ${countOf(votes, 'vote')}, ${countOf(polls, 'poll')} and ${countOf(rooms, 'room')} in ${postgres.database} at ${postgres.host}, and the queue in Redis at ${redis.host} with all that waits in it. Nothing brings them back but a backup (npm run backup).`;
    if (!(await confirmed(what))) return false;
    expectNone(await emptying.empty(() => emptyRedis(redis)));
  } finally {
    await emptying.close();
  }
  process.stdout.write(
    'Emptied. Start the services again: a worker makes the poll of its environment, and the rest is up to hosts.\n',
  );
  return true;
}

/** @throws {Refused} */
function expectNone(workers: readonly string[]): void {
  if (workers.length === 0) return;
  const named =
    workers.length === 1 ? `The worker ${workers[0]} has` : `The workers ${workers.join(', ')} have`;
  throw new Refused(
    `${named} reported within the last ${quietForSeconds} seconds. Stop vote, worker, result and host, wait until then, and try again. Nothing is changed.`,
  );
}

function countOf(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
