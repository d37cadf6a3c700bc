import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotStart } from '@voting/runtime';
import { fileNames } from '@voting/store/sqlite';

/** What 32 random bytes are in base64url. */
const shortest = 43;

/**
 * The key that signs voter ids, made on the first start and kept beside the votes. The data folder belongs
 * to this process alone, so nobody else makes one at the same time.
 *
 * @throws {CannotStart} when there is one that cannot be used: with another everybody would be a new voter
 */
export async function keptVoterSecret(dataDir: string): Promise<[string]> {
  const file = join(dataDir, fileNames.voterSecret);
  const kept = await readKept(file);
  if (kept === undefined) return [await makeSecret(file)];
  if (kept.length < shortest) throw unusable(file, 'is damaged');
  return [kept];
}

async function readKept(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(file, `cannot be read (${(cause as Error).message})`, cause);
  }
}

function unusable(file: string, what: string, cause?: unknown): CannotStart {
  return new CannotStart(
    `The key of the voters' cookies, ${file}, ${what}. Put back a copy of it, or remove it: then everybody counts as a new voter.`,
    { cause },
  );
}

/** It is there whole or not at all, so that an end half-way does not look like damage. */
async function makeSecret(file: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await writeFile(`${file}.new`, secret, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return secret;
}
