import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errorCodes } from '@voting/core';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '..');
const ours = [
  '*.md',
  'docs/**/*.md',
  'terraform-infrastructure/*.md',
  'terraform-infrastructure/modules/*/*.md',
  'k8s-manifests/**/*.md',
];
const documents = ours.flatMap((pattern) =>
  globSync(pattern, { cwd: root, exclude: ['**/node_modules/**'] }),
);
const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

function read(document: string): string {
  return readFileSync(join(root, document), 'utf8');
}

/** The text without code, in which brackets mean something else. */
function prose(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

/** The anchors that GitHub makes of the headings. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm);
  return new Set(
    Array.from(headings, ([, heading = '']) =>
      heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  );
}

it('there are documents', () => {
  expect(documents.length).toBeGreaterThan(20);
});

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('links to what is there', () => {
    const broken = Array.from(prose(text).matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? document : join(dirname(document), path);
        if (!existsSync(join(root, file))) return true;
        return anchor !== undefined && !anchorsOf(read(file)).has(anchor);
      });
    expect(broken).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = Array.from(text.matchAll(/\bnpm run (?:-s )?([\w:]+)/g), ([, script = '']) => script);
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  it('names files and folders that exist', () => {
    const folders =
      'packages|vote|worker|result|host|seed-data|embedded|drill|tools|tests|benchmarks|docs|helm-chart|k8s-manifests|terraform-infrastructure';
    const pattern = new RegExp(`\`((?:${folders})/[\\w./-]+)\``, 'g');
    const named = Array.from(text.matchAll(pattern), ([, path = '']) => path);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('the error codes', () => {
  const catalogue: readonly string[] = errorCodes;

  it('that documents name are in the catalogue', () => {
    const codes =
      /`((?:option|body|queue|store|vote|schema|data_folder|media_type|too_many|request|method)_[a-z_]+)`/g;
    const metrics = /_(total|seconds|bytes|votes|info|ratio)$|^(vote|worker|result)_/;
    const named = documents.flatMap((document) =>
      Array.from(read(document).matchAll(codes), ([, code = '']) => code),
    );
    expect(named.filter((code) => !catalogue.includes(code) && !metrics.test(code))).toEqual([]);
  });

  it('are all in the README', () => {
    const readme = read('README.md');
    expect(catalogue.filter((code) => !readme.includes(`\`${code}\``))).toEqual([]);
  });
});

describe('the values of the charts', () => {
  const charts = globSync('{helm-chart/*,monitoring}/values.yaml', { cwd: root }).map((file): unknown =>
    parse(read(file)),
  );
  const keys = new Set(charts.flatMap((values) => Object.keys(values ?? {})));

  function isThere(name: string): boolean {
    return charts.some((values) => {
      let value = values;
      for (const key of name.split('.')) {
        if (typeof value !== 'object' || value === null || !(key in value)) return false;
        value = (value as Record<string, unknown>)[key];
      }
      return true;
    });
  }

  it('that documents name are there', () => {
    const dotted = /`(?:--set )?([a-z]\w*(?:\.\w+)+)(?:=[^`]*)?`|--set[= ]'?([a-z]\w*(?:\.\w+)+)=/g;
    const named = documents.flatMap((document) =>
      Array.from(read(document).matchAll(dotted), ([, quoted, set]) => quoted ?? set ?? ''),
    );
    const ours = named.filter((name) => keys.has(name.split('.')[0] ?? '') && !/\.(yaml|ts)$/.test(name));
    expect(ours.length).toBeGreaterThan(20);
    expect(ours.filter((name) => !isThere(name))).toEqual([]);
  });
});
