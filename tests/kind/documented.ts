import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const guide = resolve(import.meta.dirname, '../../docs/DEPLOYMENT_GUIDE.md');

/**
 * The first block of commands below a heading of the deployment guide, so that what is run is what people read.
 *
 * @throws {Error} when there is no such heading, or no commands below it
 */
export function documentedCommands(heading: string): string {
  const [, section] = readFileSync(guide, 'utf8').split(`\n## ${heading}\n`);
  const commands = /^```sh\n([\s\S]*?)^```$/m.exec(section?.split('\n## ')[0] ?? '')?.[1];
  if (commands === undefined) throw new Error(`The deployment guide has no commands below "${heading}".`);
  return commands;
}

if (argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(documentedCommands(String(argv[2])));
