import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { VotingError } from '@voting/core';
import {
  fileNames,
  hasVotes,
  makeFolder,
  markOpen,
  openSqliteStore,
  requestBackup,
  syncFolder,
} from '@voting/store/sqlite';
import { Refused } from '../program.ts';
import { type Findings, findingsSql } from './findings.ts';

const { database, voterSecret } = fileNames;

/**
 * Copies the votes of one process, and the key that signs voter ids, to a folder that is a data folder itself.
 * While the product runs, it makes the copy of the votes.
 *
 * @param target must not exist; it is there when the copy is complete, and not before
 * @throws {VotingError} `data_folder_damaged` and others, when the votes cannot be read
 * @throws {Refused} when there are no votes to copy, or `target` exists, or the product does not make the copy
 */
export async function backUpFolder(folder: string, target: string): Promise<void> {
  if (!(await hasVotes(folder))) throw new Refused(`There are no votes in ${folder}.`);
  if (existsSync(target)) throw new Refused(`${target} exists already. Choose another name.`);
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await copyDatabase(folder, join(unfinished, database));
  await copyIfThere(join(folder, voterSecret), join(unfinished, voterSecret));
  await syncFolder(unfinished);
  await rename(unfinished, target);
}

async function copyDatabase(folder: string, target: string): Promise<void> {
  try {
    const store = await openSqliteStore(folder);
    await store.backUp(target).finally(() => store.close());
  } catch (error) {
    if (!(error instanceof VotingError) || error.code !== 'data_folder_in_use') throw error;
    const copy = await requestBackup(folder);
    if (copy === undefined) {
      throw new Refused(
        `Whoever uses ${folder} has not made a copy. If it is the product, its log says why.`,
      );
    }
    await copyFile(copy, target);
    await rm(copy);
  }
  const file = await open(target, 'r+');
  await file.sync().finally(() => file.close());
}

/**
 * Makes `folder` what was backed up.
 *
 * @throws {Refused} when `folder` has a database already, or `backup` has none that is whole
 */
export async function restoreFolder(backup: string, folder: string): Promise<Findings> {
  if (!(await hasVotes(backup))) throw new Refused(`${backup} is no backup of a data folder.`);
  await makeFolder(folder);
  if (await hasVotes(folder)) {
    throw new Refused(`${folder} has a database already. A backup is restored into an empty folder only.`);
  }
  // until the database is there the product does not start in this folder, and a restore can be repeated
  await markOpen(folder);
  await copyIfThere(join(backup, voterSecret), join(folder, voterSecret));
  const unfinished = join(folder, `${database}.unfinished`);
  for (const end of ['', '-wal']) {
    await rm(unfinished + end, { force: true });
    await copyIfThere(join(backup, database + end), unfinished + end);
  }
  const findings = inspect(unfinished, backup);
  await rename(unfinished, join(folder, database));
  await syncFolder(folder);
  return findings;
}

async function copyIfThere(from: string, to: string): Promise<void> {
  if (existsSync(from)) await copyFile(from, to);
}

/** Looks at a copy of a database, and writes into it what lies in its log. */
function inspect(file: string, backup: string): Findings {
  const connection = new DatabaseSync(file);
  try {
    const whole = connection.prepare('PRAGMA quick_check(1)').get();
    if (whole?.quick_check !== 'ok') throw new Error(String(whole?.quick_check));
    const row = connection.prepare(findingsSql.sqlite).get();
    return JSON.parse(String(row?.findings));
  } catch (error) {
    throw new Refused(`${backup} is damaged (${(error as Error).message}). Nothing was restored.`);
  } finally {
    connection.close();
  }
}
