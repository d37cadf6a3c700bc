import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { KubernetesObject } from './objects.ts';
import { charts, helm, images, renderChart } from './render.ts';

const folder = mkdtempSync(join(tmpdir(), 'voting-charts-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the chart of everything', () => {
  const comparable = (objects: readonly KubernetesObject[]) =>
    Object.fromEntries(
      objects
        .filter(({ kind }) => kind !== 'Namespace')
        .map((object) => {
          const { labels = {}, ...metadata } = object.metadata;
          const { 'app.kubernetes.io/instance': _, ...kept } = labels;
          return [`${object.kind}/${metadata.name}`, { ...object, metadata: { ...metadata, labels: kept } }];
        }),
    );
  const everything = (...args: string[]) =>
    renderChart(
      'voting-app',
      'voting-local',
      ...['--set', 'infrastructure.secrets.source=existing', ...images('local', 'vote-app.')],
      ...args,
    );

  it('makes what the four make, but the namespace', async () => {
    const four = await Promise.all(
      charts.map((chart) => {
        const given = chart === 'vote-app' ? images('local') : [];
        const secrets = chart === 'infrastructure' ? ['--set', 'secrets.source=existing'] : [];
        return renderChart(chart, 'voting-local', ...given, ...secrets);
      }),
    );
    expect(comparable(await everything())).toEqual(comparable(four.flat()));
  });

  it('leaves the stores out with one switch', async () => {
    const objects = await everything('--set', 'tags.stores=false');
    expect(objects.filter(({ kind }) => kind === 'StatefulSet')).toEqual([]);
    expect(objects.filter(({ kind }) => kind === 'Deployment')).toHaveLength(4);
  });
});

describe.each([...charts, 'voting-app'])('the chart %s', (chart) => {
  const given = [
    ...(chart === 'vote-app' ? images() : []),
    // made anew by each render otherwise
    ...(chart === 'infrastructure' ? ['--set', 'secrets.source=existing'] : []),
    ...(chart === 'voting-app'
      ? ['--set', 'infrastructure.secrets.source=existing', ...images('any', 'vote-app.')]
      : []),
  ];

  it('has nothing that helm lint would mention', async () => {
    const { code, stdout } = await helm('lint', '--strict', `helm-chart/${chart}`, ...given);
    expect(code, stdout).toBe(0);
  });

  it('makes the same from a package, which has the library in it', async () => {
    const packed = await helm('package', `helm-chart/${chart}`, '--destination', folder);
    expect(packed.code, packed.stderr).toBe(0);
    const [fromFolder, fromPackage] = await Promise.all(
      [`helm-chart/${chart}`, join(folder, `${chart}-0.1.0.tgz`)].map((source) =>
        helm('template', chart, source, ...given),
      ),
    );
    expect(fromPackage?.stderr).toBe('');
    expect(fromPackage?.stdout).toBe(fromFolder?.stdout);
    expect(fromPackage?.stdout).toContain('kind: ');
  });
});
