import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { admits, connects, type Endpoint, maySend, type Policies, type Port } from './network-policy.ts';
import { all, type KubernetesObject } from './objects.ts';
import {
  type EnvironmentName,
  environmentNames,
  environments,
  renderCharts,
  renderOverlay,
  root,
} from './render.ts';

/** Named as in the table. Other namespaces hold pods with our names, which must not help them. */
const strangers: Readonly<Record<string, Endpoint>> = {
  'the internet': { address: '203.0.113.7' },
  Prometheus: { address: '10.0.12.31', ...pod('monitoring', 'prometheus') },
  KEDA: { address: '10.0.12.32', ...pod('keda', 'keda-operator') },
};
const ofOtherNamespaces: readonly Endpoint[] = [
  ...['vote', 'worker', 'result', 'host', 'smoke', 'postgresql-backup', 'prometheus', 'keda-operator'].map(
    (name) => ({
      address: '10.0.12.33',
      ...pod('elsewhere', name),
    }),
  ),
  { address: '10.0.12.34', namespace: 'kube-system', labels: { 'k8s-app': 'metrics-server' } },
  { address: '10.0.12.35', ...pod('monitoring', 'grafana') },
  { address: '10.0.12.36', ...pod('keda', 'keda-admission-webhooks') },
];
const ours = [
  'vote',
  'result',
  'host',
  'worker',
  'redis',
  'postgresql',
  'seed',
  'smoke',
  'postgresql-backup',
];
const kubeDns = { address: '10.0.13.2', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
const ports: readonly Port[] = [
  ...[53, 80, 443, 5432, 6379, 8080, 8081, 8082, 9090].map(
    (number) => ({ protocol: 'TCP', number }) as const,
  ),
  { protocol: 'UDP', number: 53 },
  { protocol: 'UDP', number: 443 },
];

function pod(namespace: string, name: string) {
  return { namespace, labels: { 'app.kubernetes.io/name': name } };
}

/** Everybody in the table, each as all endpoints that it stands for. */
function parties(environment: EnvironmentName): Map<string, readonly Endpoint[]> {
  const { namespace } = environments[environment];
  const loadBalancer = environment === 'prod' ? '10.0.11.20' : '10.0.1.20';
  const map = new Map<string, readonly Endpoint[]>();
  for (const [name, endpoint] of Object.entries(strangers)) map.set(name, [endpoint]);
  map.set('the load balancer', [{ address: loadBalancer }]);
  map.set('the load balancer of host', [{ address: '10.0.11.21' }]);
  map.set('pods of other namespaces', ofOtherNamespaces);
  for (const name of ours) map.set(name, [{ address: '10.0.13.40', ...pod(namespace, name) }]);
  map.set('any other pod of the namespace', [{ address: '10.0.13.41', namespace, labels: {} }]);
  map.set(
    'seed, smoke, postgresql-backup',
    ['seed', 'smoke', 'postgresql-backup'].flatMap((name) => map.get(name) ?? []),
  );
  map.set('kube-dns', [kubeDns]);
  map.set('elsewhere', ofOtherNamespaces);
  return map;
}

/** The table of the document: from whom to whom, and the ports in its words. */
function table(): { from: string; to: string; cell: string }[] {
  const text = readFileSync(resolve(root, 'docs/network-policies.md'), 'utf8');
  const [heads = [], , ...rows] = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows.flatMap(([from = '', ...cells]) =>
    cells.map((cell, i) => ({ from, to: heads[i + 1] ?? '', cell })).filter(({ cell }) => cell !== ''),
  );
}

/** The ports of a cell that count under these conditions, such as "dev". */
function portsOf(cell: string, conditions: readonly string[]): string[] {
  return [...cell.matchAll(/(\d+(?:\/UDP)?)(?: \(([^)]+)\))?/g)]
    .filter(
      ([, , where]) => where === undefined || where.split(', ').some((name) => conditions.includes(name)),
    )
    .map(([, port]) => port as string)
    .sort();
}

function compare(
  objects: readonly KubernetesObject[],
  environment: EnvironmentName,
  ...more: string[]
): void {
  const policies: Policies = {
    namespace: environments[environment].namespace,
    objects: all(objects, 'NetworkPolicy'),
  };
  const everybody = parties(environment);
  for (const { from, to, cell } of table()) {
    const expected = portsOf(cell, [environment, ...more]);
    for (const source of everybody.get(from) ?? unknown(from)) {
      for (const target of everybody.get(to) ?? unknown(to)) {
        const pair = `${from} ${JSON.stringify(source)} → ${to} ${JSON.stringify(target)}`;
        const open = (allowed: (port: Port) => boolean) => ports.filter(allowed).map(inWords).sort();
        expect(
          open((port) => connects(policies, source, target, port)),
          pair,
        ).toEqual(expected);
        // both ends deny: who opens one of them by mistake has opened nothing, and is told here
        if (!ours.includes(from) || target.namespace !== policies.namespace) continue;
        expect(
          open((port) => maySend(policies, source, target, port)),
          `sending: ${pair}`,
        ).toEqual(expected);
        // pages admit the subnets of their load balancer, where pods have addresses too when it is internal
        if (['vote', 'result', 'host'].includes(to)) continue;
        expect(
          open((port) => admits(policies, target, source, port)),
          `admitting: ${pair}`,
        ).toEqual(expected);
      }
    }
  }
}

function inWords({ protocol, number }: Port): string {
  return protocol === 'UDP' ? `${number}/UDP` : `${number}`;
}

function unknown(name: string): never {
  throw new Error(`the table names ${name}, which no endpoint stands for`);
}

describe('the table of docs/network-policies.md is what the policies amount to', () => {
  it('and names everybody', () => {
    const named = new Set(table().map(({ from }) => from));
    const sources = [...parties('dev').keys()].filter((name) => !/,|kube-dns|elsewhere/.test(name));
    expect([...named].sort()).toEqual(sources.sort());
    expect(new Set(table().map(({ to }) => to)).size).toBe(10);
  });

  it.each(environmentNames)('in the charts for %s', async (name) => {
    compare(await renderCharts(name), name);
  });

  it('in the charts with KEDA', async () => {
    compare(await renderCharts('dev', '--set', 'worker.keda.enabled=true'), 'dev', 'KEDA');
  });

  it.each(environmentNames)('in the overlay %s', async (name) => {
    compare(await renderOverlay(name), name);
  });
});

describe('managed stores', () => {
  const managed = ['redis.externalCidrs={10.0.11.0/24}', 'postgresql.externalCidrs={10.0.12.0/24}'];

  it('are reached by address, and then nobody reaches for the pods', async () => {
    const { namespace } = environments.dev;
    const objects = await renderCharts('dev', ...managed.flatMap((value) => ['--set', value]));
    const policies: Policies = { namespace, objects: all(objects, 'NetworkPolicy') };
    const asks = (name: string, address: string, number: number) => {
      const source = { address: '10.0.13.40', ...pod(namespace, name) };
      return connects(policies, source, { address }, { protocol: 'TCP', number });
    };
    expect(asks('vote', '10.0.11.9', 6379)).toBe(true);
    expect(asks('worker', '10.0.11.9', 6379)).toBe(true);
    expect(asks('worker', '10.0.12.9', 5432)).toBe(true);
    expect(asks('result', '10.0.12.9', 5432)).toBe(true);
    expect(asks('host', '10.0.11.9', 6379)).toBe(true);
    expect(asks('host', '10.0.12.9', 5432)).toBe(true);
    expect(asks('result', '10.0.11.9', 6379)).toBe(false);
    expect(asks('vote', '10.0.12.9', 5432)).toBe(false);
    expect(asks('vote', '10.0.14.9', 6379)).toBe(false);
  });
});

describe('the page of host', () => {
  const controller = { address: '10.0.13.50', ...pod('ingress-nginx', 'ingress-nginx') };
  const { namespace } = environments.local;
  const nginx = ['ingress.enabled=true', 'ingress.className=nginx', 'ingress.fromNamespaces={ingress-nginx}'];

  it.each([
    ['shut while it has no Ingress', [], false],
    ['open to the controller of its Ingress', ['ingress.hostHost=host.example.com'], true],
  ])('is %s', async (_, more, expected) => {
    const values = [...nginx, ...more].flatMap((value) => ['--set', value]);
    const objects = await renderCharts('local', ...values);
    const policies: Policies = {
      namespace,
      objects: all(objects, 'NetworkPolicy'),
    };
    const reaches = (name: string, number: number) => {
      const target = { address: '10.0.13.40', ...pod(namespace, name) };
      return connects(policies, controller, target, { protocol: 'TCP', number });
    };
    expect(reaches('vote', 8080)).toBe(true);
    expect(reaches('host', 8082)).toBe(expected);
    expect(reaches('host', 9090)).toBe(false);
  });
});
