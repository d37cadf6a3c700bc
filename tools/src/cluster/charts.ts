import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from '../machine/here.ts';
import { Refused } from '../program.ts';

/** Packages the chart in a folder. @returns the file @throws {Refused} */
export function packageChart(folder: string): Promise<string> {
  return made((destination) => ['package', folder, '--destination', destination]);
}

/** Fetches a published chart. @returns the file @throws {Refused} */
export function pullChart({
  name,
  repo,
  version,
}: {
  name: string;
  repo: string;
  version: string;
}): Promise<string> {
  return made((destination) => [
    'pull',
    name,
    '--repo',
    repo,
    '--version',
    version,
    '--destination',
    destination,
  ]);
}

async function made(args: (destination: string) => string[]): Promise<string> {
  const destination = mkdtempSync(join(tmpdir(), 'voting-chart-'));
  const command = args(destination);
  const { code, stderr } = await execute('helm', command, { limitMs: 120_000 });
  const [file] = readdirSync(destination);
  if (code !== 0 || file === undefined)
    throw new Refused(`helm ${command.slice(0, 2).join(' ')}: ${stderr.trim()}`);
  return join(destination, file);
}
