import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentOf } from './environment.ts';
import { all, containersOf, isHook, type KubernetesObject, podTemplates } from './objects.ts';
import {
  type EnvironmentName,
  environmentNames,
  environments,
  images,
  renderChart,
  renderCharts,
  renderOverlay,
  root,
} from './render.ts';

/** Marks of the tool that made an object. */
const ofTheTool = [
  'app.kubernetes.io/instance',
  'app.kubernetes.io/managed-by',
  'helm.sh/chart',
  'helm.sh/resource-policy',
];

/**
 * The objects by kind and name, without what must differ: marks of the tool; where settings are kept, of
 * which only the outcome counts; the order of peers in network policies; and the Secrets for trying out.
 */
function comparable(objects: readonly KubernetesObject[], name: EnvironmentName): Record<string, unknown> {
  for (const pod of podTemplates(objects)) {
    for (const container of containersOf(pod)) {
      const variables = environmentOf(pod, objects, container);
      // Helm makes real passwords; the overlay's own ones would be refused with production
      if (name === 'local') delete variables.NODE_ENV;
      Object.assign(container, { env: variables, envFrom: undefined });
    }
  }
  // how many there are of what is scaled is up to the autoscaler
  const scaled = objects.flatMap(({ kind, metadata }) =>
    kind === 'HorizontalPodAutoscaler' ? metadata.name : [],
  );
  for (const { metadata, spec } of all(objects, 'Deployment')) {
    if (scaled.includes(metadata.name)) delete spec?.replicas;
  }
  for (const { spec } of all(objects, 'NetworkPolicy')) {
    for (const rule of spec?.ingress ?? []) {
      rule.from?.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    }
  }
  const kept = objects.filter((object) => !isHook(object) && !/^(ConfigMap|Secret)$/.test(object.kind));
  return Object.fromEntries(
    kept.map(({ metadata, ...object }) => {
      const { labels, annotations, namespace, ...rest } = metadata;
      if (object.kind === 'Namespace') delete labels?.['app.kubernetes.io/name'];
      const marks = { labels: withoutTool(labels), annotations: withoutTool(annotations) };
      return [`${object.kind}/${metadata.name}`, { ...object, metadata: { ...rest, ...marks } }];
    }),
  );
}

function withoutTool(marks: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(marks).filter(([key]) => !ofTheTool.includes(key)));
}

describe.each(environmentNames)('the overlay %s', (name) => {
  it('makes what the charts make', async () => {
    const fromCharts = comparable(await renderCharts(name), name);
    const fromOverlay = comparable(await renderOverlay(name), name);
    expect(Object.keys(fromOverlay).sort()).toEqual(Object.keys(fromCharts).sort());
    for (const [key, object] of Object.entries(fromCharts)) expect(fromOverlay[key], key).toEqual(object);
  });

  it('puts everything into the namespace that it brings', async () => {
    const objects = await renderOverlay(name);
    const { namespace } = environments[name];
    expect(all(objects, 'Namespace').map(({ metadata }) => metadata.name)).toEqual([namespace]);
    const clusterWide = ['Namespace', 'PriorityClass'];
    for (const { kind, metadata } of objects.filter(({ kind }) => !clusterWide.includes(kind))) {
      expect(metadata.namespace, `${kind}/${metadata.name}`).toBe(namespace);
    }
  });
});

describe('the Job with test votes', () => {
  it('is the one that the chart makes, but for its name, which Kubernetes makes up', async () => {
    const objects = await renderChart('vote-app', 'any', '--set', 'seed.enabled=true', ...images('local'));
    const fromChart = comparable(objects, 'prod')['Job/seed-1'] as { metadata: object };
    const job = parse(readFileSync(resolve(root, 'k8s-manifests/seed.yaml'), 'utf8')) as KubernetesObject;
    const { generateName } = job.metadata as { generateName?: string };
    const named = { ...job, metadata: { ...job.metadata, name: 'seed-1' } };
    const fromFile = comparable([named], 'prod')['Job/seed-1'] as { metadata: object };
    expect(generateName).toBe('seed-');
    expect({ ...fromFile, metadata: undefined }).toEqual({ ...fromChart, metadata: undefined });
    expect(fromFile.metadata).toMatchObject({
      labels: (fromChart.metadata as { labels: object }).labels,
    });
  });
});

describe('passwords', () => {
  it('stand in no overlay but the one for trying things out, where everybody knows them', async () => {
    for (const name of environmentNames) {
      const secrets = (await renderOverlay(name)).filter(
        ({ kind }) => kind === 'Secret',
      ) as (KubernetesObject & {
        data: Record<string, string>;
      })[];
      const values = secrets.flatMap(({ data }) => Object.values(data)).map((value) => atob(value));
      expect(values.length, name).toBe(name === 'local' ? 7 : 0);
      for (const value of values) expect(value).toContain('local-only');
    }
  });

  it('of the charts are made anew for each installation', async () => {
    const made = async () =>
      (await renderCharts('local'))
        .filter(({ kind }) => kind === 'Secret')
        .flatMap((secret) => Object.values((secret as unknown as { data: Record<string, string> }).data))
        .map((value) => atob(value));
    const [first, second] = await Promise.all([made(), made()]);
    expect(first.length).toBe(7);
    const keysOfHosts = first.filter((secret) => secret.startsWith('host:'));
    expect(keysOfHosts).toHaveLength(1);
    for (const secret of first) expect(secret.replace(/^host:/, '')).toMatch(/^\w{40}$/);
    expect(first.filter((secret) => second.includes(secret))).toEqual([]);
  });
});
