import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, labelled, parseHcl } from './hcl.ts';
import { infrastructure } from './terraform.ts';

/** The variables and outputs of a module, from all of its files. */
export async function interfaceOf(module: string) {
  const folder = join(infrastructure, 'modules', module);
  const files = await Promise.all(
    globSync('*.tf', { cwd: folder }).map((file) => parseHcl(join(folder, file))),
  );
  const all = (type: string) => new Map(files.flatMap((file) => [...labelled(file, type)]));
  return { variables: all('variable'), outputs: all('output') };
}

/** What a module's README says of them. */
export async function tablesOf(module: string): Promise<string> {
  const { variables, outputs } = await interfaceOf(module);
  const byName = (map: ReadonlyMap<string, Block>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const inputs = byName(variables).map(
    ([name, { type, default: value, description }]) =>
      `| \`${name}\` | \`${typeOf(type)}\` | ${value === undefined ? 'required' : `\`${JSON.stringify(value)}\``} | ${description} |`,
  );
  const results = byName(outputs).map(([name, { description }]) => `| \`${name}\` | ${description} |`);
  return [
    '| input | type | default | |',
    '|---|---|---|---|',
    ...inputs,
    '',
    '| output | |',
    '|---|---|',
    ...results,
  ].join('\n');
}

function typeOf(type: unknown): string {
  return String(type)
    .replace(/^\$\{|\}$/g, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\s+/g, ' ');
}
