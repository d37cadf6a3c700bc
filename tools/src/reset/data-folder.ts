import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expectUnused, fileNames, syncFolder } from '@voting/store/sqlite';
import { Refused } from '../program.ts';

/** What belongs to a database, beside those files that are made and gone while it is open. */
const ours = new Set<string>([
  ...Object.values(fileNames),
  ...['-wal', '-shm', '-journal', '.unfinished'].map((end) => fileNames.database + end),
]);

/**
 * Sets the votes of a data folder aside, in a folder inside of it.
 *
 * @param confirmed asked with what is going to happen
 * @returns whether it was done
 */
export async function resetFolder(
  folder: string,
  confirmed: (what: string) => Promise<boolean>,
): Promise<boolean> {
  const found = (await readdir(folder).catch(() => [])).filter((name) => ours.has(name));
  if (found.length === 0) throw new Refused(`There are no votes in ${folder}.`);
  await expectUnused(folder);
  const aside = join(folder, `before-reset-${new Date().toISOString().replaceAll(/[-:.]/g, '')}`);
  if (!(await confirmed(`This would set aside ${found.join(', ')} in ${aside}.`))) return false;
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
  return true;
}
