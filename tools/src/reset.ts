import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { expectUnused, fileNames, syncFolder } from '@voting/store/sqlite';
import { Refused, runProgram } from './program.ts';

const usage = `Begins anew in the data folder of the product in one process, DATA_DIR (default ./data): the votes and the
key of the voter cookies are set aside in a folder inside of it, from which npm run restore brings them back.
Stop the product first. A browser that has voted may vote again afterwards.

  npm run reset             say what would be set aside
  npm run reset -- --yes    and do it
`;

/** What belongs to a database, beside those files that are made and gone while it is open. */
const ours = new Set<string>([
  ...Object.values(fileNames),
  ...['-wal', '-shm', '-journal', '.unfinished'].map((end) => fileNames.database + end),
]);

/** @returns the exit status: 1 when there was something to set aside and it was not asked for */
async function reset(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { yes: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const folder = env.DATA_DIR ?? './data';
  const found = (await readdir(folder).catch(() => [])).filter((name) => ours.has(name));
  if (found.length === 0) throw new Refused(`There are no votes in ${folder}.`);
  await expectUnused(folder);
  const aside = join(folder, `before-reset-${new Date().toISOString().replaceAll(/[-:.]/g, '')}`);
  if (!values.yes) {
    process.stdout.write(
      `This would set aside ${found.join(', ')} in ${aside}. Run again with --yes to do it.\n`,
    );
    return 1;
  }
  await mkdir(aside, { mode: 0o700 });
  // the database last: as long as it is there, a reset that was interrupted can be seen and repeated
  const last = found
    .filter((name) => name.startsWith(fileNames.database))
    .sort()
    .reverse();
  for (const name of [...found.filter((name) => !last.includes(name)), ...last]) {
    await rename(join(folder, name), join(aside, name));
  }
  await syncFolder(folder);
  process.stdout.write(`Set aside in ${aside}. The next start begins at zero.\n`);
  return 0;
}

await runProgram(reset);
