import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesObject } from './objects.ts';
import { environmentNames, images, renderChart, renderCharts, renderOverlay, root } from './render.ts';

/** Everything that can be switched on, and stores that somebody else runs. */
const combinations: Readonly<Record<string, readonly string[]>> = {
  everything: [
    'worker.keda.enabled=true',
    'redis.partitions=3',
    'redis.username=app',
    'seed.enabled=true',
    'vote.votesPerMinute=60',
    'vote.newVotersPerHour=30',
    'tracing.endpoint=http://otel-collector.monitoring:4318',
    'ingress.enabled=true',
    'ingress.className=nginx',
    'ingress.voteHost=vote.example.com',
    'ingress.resultHost=result.example.com',
    'ingress.hostHost=host.example.com',
    'ingress.fromNamespaces={ingress-nginx}',
  ],
  'managed stores': [
    'redis.host=votes.abc.cache.amazonaws.com',
    'redis.tls=true',
    'redis.externalCidrs={10.0.11.0/24}',
    'postgresql.host=votes.abc.rds.amazonaws.com',
    'postgresql.sslmode=verify-full',
    'postgresql.caConfigMap=rds-ca',
    'postgresql.externalCidrs={10.0.11.0/24,10.0.12.0/24}',
    'worker.keda.enabled=true',
  ],
};

/** By Kubernetes 1.32 to 1.36, by External Secrets (no longer v1beta1) and by KEDA. */
const served = [
  'apps/v1',
  'autoscaling/v2',
  'batch/v1',
  'external-secrets.io/v1',
  'keda.sh/v1alpha1',
  'networking.k8s.io/v1',
  'policy/v1',
  'scheduling.k8s.io/v1',
  'v1',
];

/** Where the types and validators of an apiVersion are published. */
function moduleOf({ apiVersion, kind }: KubernetesObject): string {
  const published: Readonly<Record<string, string>> = {
    'external-secrets.io': '@kubernetes-models/external-secrets/',
    'keda.sh': '@kubernetes-models/keda/',
  };
  return `${published[apiVersion.split('/')[0] as string] ?? 'kubernetes-models/'}${apiVersion}/${kind}`;
}

async function renderAll(): Promise<Map<string, KubernetesObject[]>> {
  const renders = new Map<string, KubernetesObject[]>();
  for (const name of environmentNames) {
    renders.set(`charts ${name}`, await renderCharts(name));
    renders.set(`overlay ${name}`, await renderOverlay(name));
  }
  for (const [name, values] of Object.entries(combinations)) {
    const set = values.flatMap((value) => ['--set', value]);
    renders.set(`vote-app ${name}`, await renderChart('vote-app', 'voting-dev', ...images(), ...set));
  }
  return renders;
}

describe('every object that the charts and the overlays make', { timeout: 120_000 }, () => {
  let renders: Map<string, KubernetesObject[]>;
  beforeAll(async () => {
    renders = await renderAll();
  });

  it('is of a type that Kubernetes or the operator in question has, without an unknown field', async () => {
    mkdirSync(resolve(root, 'test-results'), { recursive: true });
    const folder = mkdtempSync(resolve(root, 'test-results/kubernetes-'));
    try {
      for (const [source, objects] of renders) {
        for (const object of objects) {
          const { kind, metadata } = object;
          writeFileSync(
            resolve(folder, `${source} ${kind} ${metadata.name}.ts`),
            `import type { I${kind} } from '${moduleOf(object)}';\nexport default ${JSON.stringify(object, null, 1)} satisfies I${kind};\n`,
          );
        }
      }
      expect(await compile(folder)).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has values that the published schemas allow', async () => {
    const faults: string[] = [];
    for (const [source, objects] of renders) {
      for (const object of objects) {
        const { [object.kind]: Model } = await import(moduleOf(object));
        try {
          new Model(object).validate();
        } catch (error) {
          faults.push(`${source} ${object.kind}/${object.metadata.name}: ${(error as Error).message}`);
        }
      }
    }
    expect(faults).toEqual([]);
  });

  it('is of a version that is served', () => {
    const versions = [...renders.values()].flat().map(({ apiVersion }) => apiVersion);
    expect([...new Set(versions)].sort()).toEqual(served);
  });

  it('is there once, and in no namespace but the release or the overlay says which', () => {
    for (const [source, objects] of renders) {
      const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
      expect(new Set(names).size, source).toBe(names.length);
      const namespaces = objects
        .map(({ metadata }) => metadata.namespace)
        .filter((name) => name !== undefined);
      if (source.startsWith('overlay')) expect(new Set(namespaces).size, source).toBe(1);
      else expect(namespaces, source).toEqual([]);
    }
  });

  it('needs no CRD unless a value asks for what defines it', () => {
    const ours = (source: string) =>
      new Set(
        renders
          .get(source)
          ?.filter(({ apiVersion }) => /\.(io|sh)\//.test(apiVersion) && !apiVersion.includes('k8s.io/'))
          .map(({ kind }) => kind),
      );
    expect([...ours('charts local'), ...ours('overlay local')]).toEqual([]);
    expect([...ours('charts prod')].sort()).toEqual(['ExternalSecret', 'SecretStore']);
    expect([...ours('vote-app everything')].sort()).toEqual(['ScaledObject']);
  });
});

/** What the compiler says of the files of a folder; nothing when all is well. */
async function compile(folder: string): Promise<string> {
  const options = { extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] };
  writeFileSync(resolve(folder, 'tsconfig.json'), JSON.stringify(options));
  const tsc = resolve(root, 'node_modules/.bin/tsc');
  return promisify(execFile)(tsc, ['-p', folder], { cwd: folder }).then(
    () => '',
    ({ stdout, stderr }) => `${stdout}${stderr}`,
  );
}
