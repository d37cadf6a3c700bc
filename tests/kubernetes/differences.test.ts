import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { isHook, type KubernetesObject } from './objects.ts';
import { environments, renderCharts, root } from './render.ts';

/** Every leaf of a value by its path. Entries of a list are known by their names where they have any. */
function leaves(value: unknown, path = ''): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  const entries = Array.isArray(value)
    ? value.map((entry, i) => [entry?.name ?? entry?.topologyKey ?? i, entry] as const)
    : Object.entries(value);
  return entries.flatMap(([key, entry]) => leaves(entry, path === '' ? `${key}` : `${path} ${key}`));
}

function byName(objects: readonly KubernetesObject[], namespace: string): Map<string, Map<string, string>> {
  return new Map(
    objects
      .filter((object) => !isHook(object))
      .map((object) => {
        const name = `${object.kind}/${object.metadata.name.replace(namespace, '<namespace>')}`;
        const lines = leaves(object).map(
          ([path, text]) => [path, text.replace(namespace, '<namespace>')] as const,
        );
        return [name, new Map(lines)];
      }),
  );
}

/** What differs, a line each, and one line for all objects of a kind that differ alike. */
function differences(from: ReturnType<typeof byName>, to: ReturnType<typeof byName>): string[] {
  const names = new Map<string, string[]>();
  const add = (object: string, difference: string) => {
    const [kind, name = ''] = object.split('/');
    const key = `${kind} … ${difference}`;
    names.set(key, [...(names.get(key) ?? []), name]);
  };
  for (const object of [...new Set([...from.keys(), ...to.keys()])].sort()) {
    const [before, after] = [from.get(object), to.get(object)];
    if (before === undefined) add(object, 'only in production');
    else if (after === undefined) add(object, 'only in development');
    else {
      for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
        const [old = 'unset', now = 'unset'] = [before.get(path), after.get(path)];
        if (old !== now) add(object, `${shortened(path)}: ${old} → ${now}`);
      }
    }
  }
  return [...names].map(([key, owners]) => key.replace('…', owners.join(', ')));
}

function shortened(path: string): string {
  return path
    .replace(/^spec template spec /, '')
    .replace(/^containers \S+ /, '')
    .replace(/^metadata (annotations|labels) (alb\.ingress\.kubernetes\.io\/)?/, '')
    .replace(/^spec /, '');
}

it('docs/HELM_IMPLEMENTATION.md lists what production has differently from development', async () => {
  const text = readFileSync(resolve(root, 'docs/HELM_IMPLEMENTATION.md'), 'utf8');
  const written = /## From development to production[\s\S]*?```text\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const [dev, prod] = await Promise.all([renderCharts('dev'), renderCharts('prod')]);
  const actual = differences(
    byName(dev, environments.dev.namespace),
    byName(prod, environments.prod.namespace),
  );
  expect(actual.length).toBeGreaterThan(10);
  expect(written.trim().split('\n')).toEqual(actual);
});
