import { parseArgs } from 'node:util';
import type { Difference, VoteStore } from '@voting/core';
import { createPostgresStore, readPostgresSettings } from '@voting/store/postgres';
import { hasVotes, openSqliteStore } from '@voting/store/sqlite';
import { placeOf } from './place.ts';
import type { PostgresClient } from './postgres/client.ts';
import { pollsWithPsql, recountWithPsql } from './postgres/recount.ts';
import { Refused, runProgram } from './program.ts';

const usage = `Compares the tallies of every poll with a count of its votes: in the PostgreSQL of DATABASE_URL or
POSTGRES_HOST when one of them is set, else in DATA_DIR (default ./data).

  npm run recount                    say of each poll what differs; exit status 1 when something does
  npm run recount -- --poll ID       of this poll alone
  npm run recount -- --repair        and set the tallies right
  npm run recount -- --via COMMAND   PostgreSQL, with the psql that COMMAND reaches, such as
                                     'docker compose exec -T db' or 'kubectl exec -i postgresql-0 --'

A data folder belongs to one process at a time, so stop the product first. On PostgreSQL the product
may go on; --repair holds up the counting for as long as it takes, and is for who owns the tables.
`;

async function openStore(env: NodeJS.ProcessEnv): Promise<VoteStore> {
  if (env.DATABASE_URL === undefined && env.POSTGRES_HOST === undefined) {
    const folder = env.DATA_DIR ?? './data';
    if (!(await hasVotes(folder))) throw new Refused(`There are no votes in ${folder}.`);
    return openSqliteStore(folder);
  }
  // a count of many millions takes its time
  const config = { ...readPostgresSettings(1)(env), statementDeadlineMs: 3_600_000 };
  const store = createPostgresStore(config, () => {});
  await store.checkSchema();
  return store;
}

/** Something that can be recounted. */
interface Recounting {
  polls(): Promise<readonly string[]>;
  recount(polls: readonly string[], repair: boolean): AsyncIterable<readonly [string, readonly Difference[]]>;
}

async function* recountInStore(store: VoteStore, polls: readonly string[], repair: boolean) {
  for (const poll of polls) yield [poll, await store.recount(poll, repair)] as const;
}

async function* recountInPsql(client: PostgresClient, polls: readonly string[], repair: boolean) {
  yield* await recountWithPsql(client, polls, repair);
}

/** @returns the exit status: 0 when all is right now, 1 when it is not */
async function recount(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      poll: { type: 'string' },
      repair: { type: 'boolean', default: false },
      via: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const place = values.via === undefined ? undefined : placeOf(env, values.via);
  if (place?.kind === 'postgres') {
    const { client } = place;
    return report(values, {
      polls: () => pollsWithPsql(client),
      recount: (polls, repair) => recountInPsql(client, polls, repair),
    });
  }
  const store = await openStore(env);
  try {
    return await report(values, {
      polls: () => store.recountable(),
      recount: (polls, repair) => recountInStore(store, polls, repair),
    });
  } finally {
    await store.close();
  }
}

async function report(
  { poll: wanted, repair }: { readonly poll?: string | undefined; readonly repair: boolean },
  store: Recounting,
): Promise<number> {
  const all = await store.polls();
  if (wanted !== undefined && !all.includes(wanted)) throw new Refused(`There is no poll ${wanted}.`);
  if (all.length === 0) process.stdout.write('There is no poll.\n');
  let wrong = 0;
  for await (const [poll, differences] of store.recount(wanted === undefined ? all : [wanted], repair)) {
    for (const { option, counted, tallied } of differences) {
      process.stdout.write(`option ${option}: ${counted} votes, but a tally of ${tallied}\n`);
    }
    process.stdout.write(verdict(poll, differences.length, repair));
    if (differences.length > 0) wrong++;
  }
  return wrong > 0 && !repair ? 1 : 0;
}

function verdict(poll: string, differences: number, repaired: boolean): string {
  if (differences === 0) return `Poll ${poll}: the tallies agree with the votes.\n`;
  return repaired
    ? `Poll ${poll}: repaired, the tallies now agree with the votes.\n`
    : `Poll ${poll}: the tallies are wrong. Run again with --repair to set them right.\n`;
}

await runProgram(recount);
