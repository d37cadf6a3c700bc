import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEmbeddedSettings } from '../embedded/src/settings.ts';
import { readHostServiceSettings } from '../host/src/service.ts';
import { InvalidSettings } from '../packages/runtime/src/settings.ts';
import { readResultServiceSettings } from '../result/src/service.ts';
import { readVoteServiceSettings } from '../vote/src/service.ts';
import { readMigrateSettings } from '../worker/src/migrate/migrate.ts';
import { readWorkerServiceSettings } from '../worker/src/service.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

type Read = (env: NodeJS.ProcessEnv) => unknown;

const services: readonly [name: string, read: Read][] = [
  ['vote', readVoteServiceSettings],
  ['worker', readWorkerServiceSettings],
  ['result', readResultServiceSettings],
  ['host', readHostServiceSettings],
];

/** The variables that are looked at when settings are read, whether or not they are set. */
function namesRead(read: Read): string[] {
  const names = new Set<string>();
  const env = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get(_env, name) {
        names.add(String(name));
        return undefined;
      },
    },
  );
  try {
    read(env);
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
  }
  // it changes what is accepted, and is no setting of its own
  names.delete('NODE_ENV');
  return [...names].sort();
}

/** The table of settings in the README: each variable, and who is said to read it. */
function documented(): Map<string, string> {
  const [, section = ''] = /^## Settings$([\s\S]*?)^## /m.exec(readme) ?? [];
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  const table = new Map<string, string>();
  for (const row of rows) {
    const [, names = '', , by = ''] = row.split('|').map((cell) => cell.trim());
    for (const name of namesIn(names)) table.set(name, by);
  }
  const [, files = ''] = /A secret may come from a file instead:([^.]*)\./.exec(section) ?? [];
  for (const name of namesIn(files)) table.set(name, table.get(name.replace(/_FILE$/, '')) ?? '');
  return table;
}

/** Without the options, which are read as whatever begins like one. */
function namesIn(text: string): string[] {
  return Array.from(text.matchAll(/`([A-Z_]+)`/g), ([, name = '']) => name).filter(
    (name) => !name.startsWith('OPTION_'),
  );
}

describe('the table of settings', () => {
  const table = documented();

  const readBy = (reader: string) =>
    [...table]
      .filter(([, by]) => by === 'all' || by.split(/[,;] /).includes(reader))
      .map(([name]) => name)
      .sort();

  it.each(services)('has what %s reads, and says so', (name, read) => {
    expect(readBy(name)).toEqual(namesRead(read));
  });

  it('has what the program reads that prepares PostgreSQL, beside what all read', () => {
    const names = namesRead(readMigrateSettings);
    expect(names.filter((name) => !table.has(name))).toEqual([]);
    expect(readBy('migrate').filter((name) => table.get(name) !== 'all')).toEqual(
      names.filter((name) => table.get(name) !== 'all'),
    );
  });

  it('has what the product in one process reads, which is also what its services do', () => {
    const names = namesRead(readEmbeddedSettings);
    expect(names.filter((name) => !table.has(name))).toEqual([]);
    expect(readBy('one process').filter((name) => !names.includes(name))).toEqual([]);
  });

  it('has nothing that nobody reads', () => {
    const reads = [...services.map(([, read]) => read), readMigrateSettings, readEmbeddedSettings];
    const known = new Set(reads.flatMap(namesRead));
    expect([...table.keys()].filter((name) => !known.has(name))).toEqual([]);
  });
});
