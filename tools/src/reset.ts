import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { runProgram } from './program.ts';
import { resetFolder } from './reset/data-folder.ts';
import { hasServers, resetServers } from './reset/servers.ts';

const usage = `Starts over, without votes, polls and rooms. Stop the product first. A browser that has voted may vote again
afterwards.

  npm run reset             say what would go, and at a terminal ask whether it shall
  npm run reset -- --yes    and do it without asking

In the data folder of the product in one process, DATA_DIR (default ./data), the votes and the key of the voter
cookies are set aside in a folder inside of it, from which npm run restore brings them back.

With the variables of a worker (DATABASE_URL or POSTGRES_HOST and others, and REDIS_URL or REDIS_HOST and others), but as the
owner of the tables, PostgreSQL and the queue in Redis are emptied. Of them nothing is kept. It is refused while a worker runs.
`;

/** @returns the exit status: 1 when there was something to do and nobody asked for it */
async function reset(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { yes: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const confirmed = values.yes ? async () => true : ask;
  const done = hasServers(env)
    ? await resetServers(env, confirmed)
    : await resetFolder(env.DATA_DIR ?? './data', confirmed);
  return done ? 0 : 1;
}

/** Who cannot be asked has to say it beforehand. */
async function ask(what: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stdout.write(`${what} Run again with --yes to do it.\n`);
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${what}\nType yes to do it: `).finally(() => terminal.close());
  return answer.trim() === 'yes';
}

await runProgram(reset);
