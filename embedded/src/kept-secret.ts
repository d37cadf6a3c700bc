import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotStart } from '@voting/runtime';
import { fileNames } from '@voting/store/sqlite';

/** A secret that is made on the first start. */
export interface KeptSecret {
  /** Its file in the data folder. */
  readonly file: string;
  /** What it is, at the beginning of a sentence. */
  readonly name: string;
  /** What follows when it is removed. */
  readonly without: string;
}

/** The key that signs voter ids. */
export const voterSecret: KeptSecret = {
  file: fileNames.voterSecret,
  name: 'The key of the voters’ cookies',
  without: 'then everybody counts as a new voter',
};

/** The key with which a host comes in. */
export const hostKey: KeptSecret = {
  file: fileNames.hostKey,
  name: 'The key of the host',
  without: 'then there is a new one',
};

/** What 32 random bytes are in base64url. */
const shortest = 43;

/**
 * A secret that is kept beside the votes. The data folder belongs to this process alone, so nobody else makes one at the
 * same time.
 *
 * @throws {CannotStart} when there is one that cannot be used: another would lock somebody out without a word
 */
export async function keptSecret(dataDir: string, secret: KeptSecret): Promise<string> {
  const file = join(dataDir, secret.file);
  const unusable = (what: string, cause?: unknown) =>
    new CannotStart(
      `${secret.name}, ${file}, ${what}. Put back a copy of it, or remove it: ${secret.without}.`,
      {
        cause,
      },
    );
  let kept: string;
  try {
    kept = (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return makeSecret(file);
    throw unusable(`cannot be read (${(cause as Error).message})`, cause);
  }
  if (kept.length < shortest) throw unusable('is damaged');
  return kept;
}

/** It is there whole or not at all, so that an end half-way does not look like damage. */
async function makeSecret(file: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await writeFile(`${file}.new`, secret, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return secret;
}
