import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { migrationLock } from '@voting/store/postgres';
import { type Findings, findingsSql } from '../backup/findings.ts';
import { Refused } from '../program.ts';
import { type PostgresClient, runClient } from './client.ts';

/**
 * Writes a dump of the database as compressed SQL. It shows one moment, votes and tallies alike,
 * however much is counted meanwhile. What workers last reported is left out.
 *
 * @param file must not exist; it is there when the dump is complete, and not before
 * @throws {Refused}
 */
export async function dump(client: PostgresClient, file: string): Promise<void> {
  if (existsSync(file)) throw new Refused(`${file} exists already. Choose another name.`);
  const unfinished = `${file}.unfinished`;
  const run = runClient(client, 'pg_dump', [
    '--no-owner',
    '--no-privileges',
    '--exclude-table-data=pipeline',
  ]);
  const written = pipeline(
    run.stdout,
    createGzip(),
    createWriteStream(unfinished, { mode: 0o600, flush: true }),
  );
  try {
    await Promise.all([written, run.ended]);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/**
 * Reads a dump into an empty database, in one transaction: entirely or not at all.
 *
 * @throws {Refused} when the database holds votes, or the dump is damaged
 */
export async function readIn(client: PostgresClient, file: string): Promise<Findings> {
  await expectWhole(file);
  const { stdin, stdout, ended } = runClient(client, 'psql', [
    '--no-psqlrc',
    '--quiet',
    '--no-align',
    '--tuples-only',
    '--set=ON_ERROR_STOP=1',
    `--set=migration_lock=${migrationLock}`,
  ]);
  const output = text(stdout);
  stdin.write(`BEGIN;\n${readFileSync(new URL('./prepare.sql', import.meta.url), 'utf8')}`);
  try {
    await pipeline(createReadStream(file), createGunzip(), stdin, { end: false });
  } catch (error) {
    // if psql has ended, it knows why; without its COMMIT nothing of it stays
    await ended;
    throw error;
  }
  stdin.end(`\n${findingsSql.postgres};\nCOMMIT;\n`);
  await ended;
  return JSON.parse((await output).trim().split('\n').at(-1) ?? '');
}

/** Reads a compressed file to its end before anything is done with it. */
async function expectWhole(file: string): Promise<void> {
  try {
    await pipeline(
      createReadStream(file),
      createGunzip(),
      new Writable({ write: (_chunk, _, done) => done() }),
    );
  } catch (error) {
    throw new Refused(
      `${file} is no backup, or damaged (${(error as Error).message}). Nothing was restored.`,
    );
  }
}
