import { parseArgs } from 'node:util';
import type { Difference, VoteStore } from '@voting/core';
import { readDeclaredPoll } from '@voting/declared-poll';
import { createPostgresStore, readPostgresSettings } from '@voting/store/postgres';
import { hasVotes, openSqliteStore } from '@voting/store/sqlite';
import { placeOf } from './place.ts';
import { recountWithPsql } from './postgres/recount.ts';
import { Refused, runProgram } from './program.ts';

const usage = `Compares the tallies with a count of the votes: in the PostgreSQL of DATABASE_URL or
POSTGRES_HOST when one of them is set, else in DATA_DIR (default ./data).

  npm run recount                    say what differs; exit status 1 when something does
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

async function recountStore(env: NodeJS.ProcessEnv, poll: string, repair: boolean) {
  const store = await openStore(env);
  try {
    return await store.recount(poll, repair);
  } finally {
    await store.close();
  }
}

/** @returns the exit status: 0 when all is right now, 1 when it is not */
async function recount(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      repair: { type: 'boolean', default: false },
      via: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const poll = readDeclaredPoll(env);
  const place = values.via === undefined ? undefined : placeOf(env, values.via);
  const differences: readonly Difference[] =
    place?.kind === 'postgres'
      ? await recountWithPsql(place.client, poll.id, values.repair)
      : await recountStore(env, poll.id, values.repair);
  for (const { option, counted, tallied } of differences) {
    process.stdout.write(`option ${option}: ${counted} votes, but a tally of ${tallied}\n`);
  }
  process.stdout.write(verdict(poll.id, differences.length, values.repair));
  return differences.length > 0 && !values.repair ? 1 : 0;
}

function verdict(poll: string, differences: number, repaired: boolean): string {
  if (differences === 0) return `Poll ${poll}: the tallies agree with the votes.\n`;
  return repaired
    ? `Poll ${poll}: repaired, the tallies now agree with the votes.\n`
    : `Poll ${poll}: the tallies are wrong. Run again with --repair to set them right.\n`;
}

await runProgram(recount);
