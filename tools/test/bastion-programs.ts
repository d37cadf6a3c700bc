import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The AWS CLI as far as a bastion uses it: copies objects from the peer of the environment variable PEER,
 * and writes a kubeconfig that names the cluster.
 */
export async function writeAwsCli(folder: string): Promise<void> {
  const file = join(folder, 'aws');
  await writeFile(file, `#!${process.execPath}\n(${aws})()\n`);
  await chmod(file, 0o755);
}

async function aws(): Promise<void> {
  const fs = require('node:fs') as typeof import('node:fs');
  const args = process.argv.slice(2);
  if (args[0] === 'eks') {
    fs.writeFileSync(process.env.KUBECONFIG ?? '', `cluster: ${args[args.indexOf('--name') + 1]}\n`);
    return;
  }
  const [source = '', target = ''] = args.slice(-2);
  const answer = await fetch(source.replace('s3://', `${process.env.PEER}/`));
  if (!answer.ok) {
    process.stderr.write(`fatal error: HTTP ${answer.status} for ${source}\n`);
    process.exitCode = 1;
    return;
  }
  fs.writeFileSync(target, Buffer.from(await answer.arrayBuffer()));
}
