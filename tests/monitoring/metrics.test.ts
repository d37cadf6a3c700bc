import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboards } from '../../monitoring/dashboards/source/dashboards.ts';
import { type Product, startProduct } from '../product.ts';
import { metricsIn, panelQueries, rules } from './promql.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = await readFile(resolve(root, 'docs/MONITORING.md'), 'utf8');

/** The rows of the table below this heading; code is written in backticks there. */
function table(heading: string): readonly (readonly string[])[] {
  const section = guide.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const ours = table('Our metrics');
const foreign = table('Metrics of others');

describe('the table of metrics', () => {
  let folder: string;
  let product: Product;
  let exposed: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voting-'));
    product = await startProduct({ DATA_DIR: folder });
    await fetch(product.result);
    await fetch(product.host);
    await fetch(product.vote, {
      method: 'POST',
      body: new URLSearchParams({ vote: 'a' }),
      redirect: 'manual',
    });
    await fetch(product.vote, { method: 'POST', body: new URLSearchParams({ vote: 'z' }) });
    exposed = await (await fetch(`${product.ops}/metrics`)).text();
  }, 60_000);
  afterAll(async () => {
    await product?.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  /** The names of the labels on the samples of a metric, as the table writes them. */
  function labelsOf(name: string): string {
    const labels = new Set<string>();
    for (const [, pairs] of exposed.matchAll(
      new RegExp(`^${name}(?:_bucket|_count|_sum)?\\{(.*)\\} `, 'gm'),
    )) {
      for (const [, label] of pairs?.matchAll(/(\w+)="/g) ?? []) labels.add(label as string);
    }
    labels.delete('le');
    return labels.size === 0 ? '–' : [...labels].sort().join(', ');
  }

  it('says exactly what one process exposes of vote, worker, result and host together', () => {
    const types = [...exposed.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => ({
      name,
      type,
    }));
    const found = types
      .filter(({ name }) => !/^(process|nodejs)_/.test(name))
      .map(({ name, type }) => [name, type, labelsOf(name)]);
    expect(found.sort()).toEqual(ours.map(([name, type, labels]) => [name, type, labels]).sort());
  });

  it('has names by the conventions', () => {
    for (const [name = '', type] of ours) {
      expect(name).toMatch(/^(vote|worker|result|host)_[a-z_]+$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|kb|mb)(_|$)/);
    }
  });

  it('has everything that dashboards and rules read', () => {
    const recorded = rules.flatMap(({ record }) => record ?? []);
    const known = new Set([...recorded, ...[...ours, ...foreign].map(([name]) => name)]);
    const read = [...rules, ...panelQueries].flatMap(({ expr }) => metricsIn(expr));
    expect(read.length).toBeGreaterThan(80);
    expect([...new Set(read)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('has nothing of others that nobody reads', () => {
    const read = new Set([...rules, ...panelQueries].flatMap(({ expr }) => metricsIn(expr)));
    expect(foreign.map(([name]) => name).filter((name) => !read.has(name as string))).toEqual([]);
  });
});

describe('the dashboards', () => {
  it.each([...dashboards])('%s is what its source makes', async (file, text) => {
    expect(await readFile(resolve(root, 'monitoring/dashboards', file), 'utf8')).toBe(text);
  });

  it('have ids and titles of their own, and a description on every panel', () => {
    const files = [...dashboards.values()].map((text) => JSON.parse(text));
    for (const key of ['uid', 'title']) {
      expect(new Set(files.map((file) => file[key])).size).toBe(files.length);
    }
    for (const { panels } of files) {
      expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length);
      const bare = panels.filter((panel: Panel) => panel.type !== 'row' && !panel.description);
      expect(bare).toEqual([]);
      for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
  });
});

interface Panel {
  readonly type: string;
  readonly description?: string;
}
