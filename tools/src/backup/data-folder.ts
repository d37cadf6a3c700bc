import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { takeDataFolder } from '@voting/store/pglite';
import { Refused } from '../program.ts';
import { type Findings, findingsSql } from './findings.ts';

/**
 * Copies the data folder of the product in one process, the key that signs voter ids included, while
 * nobody else may use it. The copy is a data folder itself.
 *
 * @param target must not exist; it is there when the copy is complete, and not before
 * @throws {VotingError} `data_folder_in_use` while the product runs
 * @throws {Refused} when there are no votes to copy, or `target` exists
 */
export async function backUpFolder(folder: string, target: string): Promise<void> {
  if (!existsSync(join(folder, 'postgres'))) throw new Refused(`There are no votes in ${folder}.`);
  if (existsSync(target)) throw new Refused(`${target} exists already. Choose another name.`);
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await whileTaken(folder, () => copyFolder(folder, unfinished));
  await rename(unfinished, target);
}

/**
 * Makes `folder` what was backed up.
 *
 * @throws {Refused} when `folder` has a database already, or `backup` has none
 */
export async function restoreFolder(backup: string, folder: string): Promise<Findings> {
  if (!existsSync(join(backup, 'postgres'))) throw new Refused(`${backup} is no backup of a data folder.`);
  return whileTaken(folder, async () => {
    const database = join(folder, 'postgres');
    if (existsSync(database)) {
      throw new Refused(`${folder} has a database already. A backup is restored into an empty folder only.`);
    }
    // the database comes last and at once, so that a restore that was interrupted can be repeated
    const unfinished = `${database}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await copyFolder(join(backup, 'postgres'), unfinished);
    await copyFolder(backup, folder, 'postgres');
    await rename(unfinished, database);
    return inspect(database);
  });
}

async function whileTaken<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const giveBack = await takeDataFolder(folder);
  try {
    return await work();
  } finally {
    await giveBack();
  }
}

/** All but the mark of whoever uses the folder, and what is named. */
async function copyFolder(from: string, to: string, except?: string): Promise<void> {
  const left = new Set([join(from, 'in-use'), ...(except === undefined ? [] : [join(from, except)])]);
  await mkdir(to, { recursive: true, mode: 0o700 });
  await cp(from, to, {
    recursive: true,
    filter: (path) => !left.has(path) && !basename(path).endsWith('.unfinished'),
  });
}

async function inspect(path: string): Promise<Findings> {
  const database = await PGlite.create(path);
  try {
    const { rows } = await database.query<{ findings: string }>(findingsSql);
    return JSON.parse(rows[0]?.findings ?? '');
  } finally {
    await database.close();
  }
}
