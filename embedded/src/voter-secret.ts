import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The key that signs voter ids, made on the first start and kept beside the votes: with another one
 * everybody would be a new voter. The data folder belongs to this process alone, so nobody else
 * makes one at the same time.
 */
export async function keptVoterSecret(dataDir: string): Promise<[string]> {
  const file = join(dataDir, 'voter-secret');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.length >= 32) return [kept];
  const secret = randomBytes(32).toString('base64url');
  await writeFile(file, secret, { mode: 0o600 });
  return [secret];
}
