import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Which of our own packages each may import. Imports run one way: towards core. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'packages/core': [],
  'packages/runtime': [],
  'packages/wording': ['core'],
  'packages/pages': ['core', 'runtime', 'wording'],
  'packages/queue': ['core', 'runtime'],
  'packages/store': ['core', 'runtime'],
  'packages/tracing': ['runtime'],
  'packages/declared-poll': ['core', 'runtime'],
  vote: ['core', 'declared-poll', 'runtime', 'pages', 'queue', 'tracing', 'wording'],
  worker: ['core', 'declared-poll', 'runtime', 'queue', 'store', 'tracing', 'wording'],
  result: ['core', 'declared-poll', 'runtime', 'pages', 'store', 'wording'],
  host: ['core', 'pages', 'queue', 'runtime', 'store', 'wording'],
  'seed-data': [],
  embedded: [
    'core',
    'declared-poll',
    'host',
    'runtime',
    'queue',
    'store',
    'tracing',
    'vote',
    'worker',
    'result',
    'wording',
  ],
  tools: ['core', 'queue', 'runtime', 'store', 'wording'],
  benchmarks: ['core', 'runtime', 'queue', 'store', 'vote'],
  drill: ['result', 'seed-data', 'store'],
};

/** Who else may be reached by path: these run the same processes as the tests do. */
const tests = /^\.\.\/\.\.\/tests\//;
const mayReach: Readonly<Record<string, RegExp>> = { benchmarks: tests, drill: tests };

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    ([, specifier]) => specifier as string,
  );
}

/** The packages that the sources of `workspace` import, and those files that reach out of it by path. */
function dependenciesOf(workspace: string) {
  const packages = new Set<string>();
  const escapes: string[] = [];
  for (const file of globSync(`${workspace}/src/**/*.ts`, { cwd: root })) {
    for (const specifier of importsOf(resolve(root, file))) {
      if (specifier.startsWith('@voting/')) packages.add(specifier.split('/')[1] as string);
      if (!specifier.startsWith('.')) continue;
      const target = relative(resolve(root, workspace, 'src'), resolve(root, dirname(file), specifier));
      const path = target.split(sep).join('/');
      if (path.startsWith('../') && !mayReach[workspace]?.test(path)) escapes.push(`${file} → ${specifier}`);
    }
  }
  return { packages: [...packages].sort(), escapes };
}

describe.each(Object.keys(mayImport))('%s', (workspace) => {
  const { packages, escapes } = dependenciesOf(workspace);

  it('imports only what lies below it', () => {
    expect(packages.filter((name) => !mayImport[workspace]?.includes(name))).toEqual([]);
  });

  it('reaches into nobody by path', () => {
    expect(escapes).toEqual([]);
  });

  it('declares what it imports', () => {
    const { dependencies = {} } = JSON.parse(readFileSync(resolve(root, workspace, 'package.json'), 'utf8'));
    expect(packages.filter((name) => dependencies[`@voting/${name}`] === undefined)).toEqual([]);
  });
});

describe('the layers', () => {
  it('cover every workspace', () => {
    const { workspaces } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
    const folders = globSync(workspaces, { cwd: root }).map((folder) => folder.split(sep).join('/'));
    expect(folders.sort()).toEqual(Object.keys(mayImport).sort());
  });

  it('leave core without any import of others', () => {
    const outside = globSync('packages/core/src/**/*.ts', {
      cwd: root,
      exclude: ['packages/core/src/testing/**'],
    })
      .flatMap((file) => importsOf(resolve(root, file)))
      .filter((specifier) => !specifier.startsWith('.'));
    expect(outside).toEqual([]);
  });
});

describe('main files', () => {
  it.each(globSync('{vote,worker,result,host,seed-data,embedded}/src/main.ts', { cwd: root }))(
    '%s is under 30 lines',
    (file) => {
      expect(readFileSync(resolve(root, file), 'utf8').split('\n').length).toBeLessThan(30);
    },
  );
});
