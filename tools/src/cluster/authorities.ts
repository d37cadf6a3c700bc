import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import { Refused } from '../program.ts';
import { authorities } from './deployment-values.ts';

const source = 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem';

/**
 * Puts the authorities that sign the certificates of Amazon's databases into the namespace, so that the
 * services know theirs. Fetched anew each time, as AWS adds new ones before it uses them.
 *
 * @param from where they are
 * @throws {Refused}
 */
export async function applyAuthorities(namespace: string, machine: Machine, from = source): Promise<void> {
  const answer = await fetch(from, { signal: AbortSignal.timeout(60_000) }).catch((error: Error) => {
    throw new Refused(`The authorities of RDS cannot be fetched from ${from}: ${error.message}`);
  });
  const text = await answer.text();
  if (!answer.ok || !text.includes('BEGIN CERTIFICATE'))
    throw new Refused(`There are no authorities of RDS at ${from} (HTTP ${answer.status}).`);
  const file = join(mkdtempSync(join(tmpdir(), 'voting-authorities-')), 'authorities.yaml');
  const metadata = { name: authorities, namespace };
  writeFileSync(
    file,
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'ca.crt': text } }),
  );
  // on the server's side, because the other way keeps all of it in an annotation, which is too small
  const apply = ['kubectl', 'apply', '--server-side', '--force-conflicts', '--filename', 'authorities.yaml'];
  const { code, stderr } = await machine.run(apply, { files: [file], limitMs: 60_000 });
  if (code !== 0) throw new Refused(`The authorities of RDS cannot be applied: ${stderr.trim()}`);
}
