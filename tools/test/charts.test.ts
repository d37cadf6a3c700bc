import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { helm } from '../../tests/kubernetes/render.ts';
import { deploymentValues } from '../src/cluster/deployment-values.ts';
import { environments } from '../src/cluster/environments.ts';
import { dataStores, secrets } from '../src/cluster/ready.ts';
import { selector } from '../src/cluster/running.ts';
import { referenceOf, services } from '../src/images/services.ts';
import { ingresses } from '../src/smoke/addresses.ts';

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly target?: { readonly name: string };
    readonly data?: readonly { readonly secretKey: string }[];
    readonly rules?: readonly { readonly host?: string }[];
    readonly template?: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

const images = services.map((service) => ({
  service,
  repository: `alice/${service}`,
  tag: 'sha-1234567',
  digest: `sha256:${'d'.repeat(64)}`,
}));
const addresses = {
  VOTE_HOST: 'vote.example.com',
  RESULT_HOST: 'result.example.com',
  HOST_HOST: 'host.example.com',
  CERTIFICATE_ARN: 'arn:aws:acm:eu-central-1:123456789012:certificate/x',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What the real helm makes of a chart with the flags that the programs give it. */
async function render(chart: string, environment: 'dev' | 'prod', ...flags: string[]): Promise<Rendered[]> {
  const values = ['--values', `helm-chart/${chart}/values-${environment}.yaml`];
  const where = ['--namespace', environments[environment].namespace];
  const { code, stdout, stderr } = await helm(
    'template',
    chart,
    `helm-chart/${chart}`,
    ...where,
    ...values,
    ...flags,
  );
  expect(code, stderr).toBe(0);
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as Rendered)
    .filter(Boolean);
}

const namesOf = (objects: readonly Rendered[], kind: string) =>
  objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);

describe.each(['dev', 'prod'] as const)('in %s', (environment) => {
  it('what deploy gives the chart decides which images run, and at which names', async () => {
    const file = join(folder, `${environment}.yaml`);
    await writeFile(
      file,
      JSON.stringify(deploymentValues(images, addresses, { domain: null, managedStores: null })),
    );
    const objects = await render('vote-app', environment, '--values', file);
    const [label = '', value] = selector.split('=');
    const running = objects
      .filter(({ kind, metadata }) => kind === 'Deployment' && metadata.labels[label] === value)
      .map(({ metadata, spec }) => [metadata.name, spec.template?.spec.containers.map(({ image }) => image)]);
    expect(Object.fromEntries(running)).toEqual(
      Object.fromEntries(
        images
          .filter(({ service }) => service !== 'seed')
          .map((image) => [image.service, [referenceOf(image)]]),
      ),
    );
    expect(namesOf(objects, 'Ingress').sort()).toEqual(Object.values(ingresses).sort());
    const hosts = objects.filter(({ kind }) => kind === 'Ingress').flatMap(({ spec }) => spec.rules ?? []);
    expect(hosts.map(({ host }) => host).sort()).toEqual([
      'host.example.com',
      'result.example.com',
      'vote.example.com',
    ]);
  });

  it('what deploy gives the chart for managed stores leads the services there, with TLS', async () => {
    const managedStores = {
      postgresqlHost: 'votes.rds.amazonaws.com',
      redisHost: 'votes.cache.amazonaws.com',
      cidrs: ['10.0.11.0/24'],
    };
    const file = join(folder, `${environment}-managed.yaml`);
    await writeFile(
      file,
      JSON.stringify(deploymentValues(images, addresses, { domain: null, managedStores })),
    );
    const objects = await render('vote-app', environment, '--values', file);
    const worker = JSON.stringify(
      objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'worker'),
    );
    for (const [name, value] of Object.entries({
      REDIS_HOST: 'votes.cache.amazonaws.com',
      REDIS_TLS: 'true',
      POSTGRES_HOST: 'votes.rds.amazonaws.com',
      POSTGRES_SSLMODE: 'verify-full',
    })) {
      expect(worker).toContain(JSON.stringify({ name, value }).slice(1, -1));
    }
    expect(worker).toContain('"configMap":{"name":"rds-ca"');
    const policy = objects.find(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'worker',
    );
    expect(JSON.stringify(policy)).toContain('"ipBlock":{"cidr":"10.0.11.0/24"}');
  });

  it('what cluster-ready looks for is what the other charts make', async () => {
    for (const store of dataStores) {
      const dumps =
        store === 'postgresql' ? ['--set', 'backup.s3.bucket=dumps,backup.s3.region=eu-west-1'] : [];
      expect(namesOf(await render(store, environment, ...dumps), 'StatefulSet')).toEqual([store]);
    }
    const infrastructure = await render(
      'infrastructure',
      environment,
      '--set-string',
      'secrets.aws.region=eu-west-1',
    );
    const made = infrastructure
      .filter(({ kind }) => kind === 'ExternalSecret')
      .map(({ spec }) => [spec.target?.name, spec.data?.map(({ secretKey }) => secretKey).sort()]);
    expect(Object.fromEntries(made)).toEqual(
      Object.fromEntries(Object.entries(secrets).map(([name, keys]) => [name, [...keys].sort()])),
    );
    expect(JSON.stringify(infrastructure.filter(({ kind }) => kind === 'SecretStore'))).toContain(
      'eu-west-1',
    );
    expect(namesOf(infrastructure, 'Namespace')).toEqual([environments[environment].namespace]);
  });
});
