import type { IExternalSecret } from '@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret';
import type { IScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { ISecret } from 'kubernetes-models/v1/Secret';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  all,
  containerOf,
  containersOf,
  isHook,
  type KubernetesObject,
  one,
  type PodTemplate,
  podTemplates,
} from './objects.ts';
import { type EnvironmentName, environmentNames, renderCharts, renderOverlay } from './render.ts';

const sources = environmentNames.flatMap((name) => [`charts ${name}`, `overlay ${name}`]);
sources.push('charts prod with KEDA');

/** Of kinds that the tests read in this file only. */
function others<Kind>(objects: readonly KubernetesObject[], kind: string): (KubernetesObject & Kind)[] {
  return objects.filter((object) => object.kind === kind) as (KubernetesObject & Kind)[];
}

function selects(matchLabels: Readonly<Record<string, string>> = {}, pod: PodTemplate): boolean {
  return Object.entries(matchLabels).every(([key, value]) => pod.labels[key] === value);
}

describe.each(sources)('what %s refers to is there:', (source) => {
  let objects: KubernetesObject[];
  let pods: PodTemplate[];
  let names: (kind: string) => string[];
  beforeAll(async () => {
    const [kind, name, ...more] = source.split(' ') as [string, EnvironmentName, ...string[]];
    const args = more.length > 0 ? ['--set', 'worker.keda.enabled=true', '--set', 'redis.partitions=2'] : [];
    objects = kind === 'charts' ? await renderCharts(name, ...args) : await renderOverlay(name);
    pods = podTemplates(objects);
    names = (kind) => objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
  });

  it('the pods of each workload, by its own labels', () => {
    for (const workload of [...all(objects, 'Deployment'), ...all(objects, 'StatefulSet')]) {
      const { selector, template } = workload.spec ?? {};
      const { name } = workload.metadata;
      expect(selector?.matchLabels, name).toEqual({ 'app.kubernetes.io/name': name });
      expect(template?.metadata?.labels, name).toMatchObject(selector?.matchLabels ?? {});
    }
  });

  it('the pods and ports of each Service', () => {
    for (const { metadata, spec } of all(objects, 'Service')) {
      const served = pods.filter((pod) => selects(spec?.selector, pod));
      expect(
        served.map(({ owner }) => owner.split('/')[1]),
        metadata.name,
      ).toEqual([metadata.name]);
      const open = containerOf(served[0] as PodTemplate).ports ?? [];
      for (const { port, targetPort } of spec?.ports ?? []) {
        const target = open.find(({ name }) => name === targetPort);
        expect(target?.containerPort, `${metadata.name} ${targetPort}`).toBe(port);
      }
    }
  });

  it('the Service and port of each Ingress', () => {
    for (const { metadata, spec } of all(objects, 'Ingress')) {
      const backend = spec?.rules?.[0]?.http?.paths[0]?.backend.service;
      const ports = one(objects, 'Service', backend?.name ?? '').spec?.ports ?? [];
      expect(
        ports.map(({ name }) => name),
        metadata.name,
      ).toContain(backend?.port?.name);
      expect(`${backend?.name}-ingress`).toBe(metadata.name);
    }
  });

  it('the pods that each network policy is for, or may be for', () => {
    const owners = (labels: Readonly<Record<string, string>> | undefined) =>
      pods.filter((pod) => selects(labels, pod)).map(({ owner }) => owner);
    for (const { metadata, spec } of all(objects, 'NetworkPolicy')) {
      // made by hand or by Helm's tests, and only when somebody wants them
      if (['seed', 'smoke'].includes(metadata.name)) continue;
      expect(owners(spec?.podSelector?.matchLabels), metadata.name).not.toEqual([]);
    }
  });

  it('the ports that network policies open', () => {
    const open = new Set(
      pods
        .flatMap(containersOf)
        .flatMap(({ ports = [] }) => ports)
        .map((port) => port.containerPort),
    );
    for (const { metadata, spec } of all(objects, 'NetworkPolicy')) {
      for (const { ports = [] } of spec?.ingress ?? []) {
        for (const { port } of ports) expect([...open], metadata.name).toContain(port);
      }
    }
  });

  it('the pods of each disruption budget, which lets one go', () => {
    const budgets = others<IPodDisruptionBudget>(objects, 'PodDisruptionBudget');
    expect(budgets.map(({ metadata }) => metadata.name).sort()).toEqual(['host', 'result', 'vote', 'worker']);
    for (const { metadata, spec } of budgets) {
      const kept = pods.filter((pod) => selects(spec?.selector?.matchLabels, pod) && /^Dep/.test(pod.owner));
      expect(kept.map(({ owner }) => owner)).toEqual([`Deployment/${metadata.name}`]);
      expect(spec?.maxUnavailable).toBe(1);
    }
  });

  it('the Deployment that each autoscaler scales, which begins with the least that it allows', () => {
    const scalers = [
      ...others<IHorizontalPodAutoscaler>(objects, 'HorizontalPodAutoscaler').map(({ spec }) => ({
        target: spec?.scaleTargetRef.name,
        least: spec?.minReplicas ?? 0,
        most: spec?.maxReplicas ?? 0,
      })),
      ...others<IScaledObject>(objects, 'ScaledObject').map(({ spec }) => ({
        target: spec.scaleTargetRef?.name,
        least: spec.minReplicaCount ?? 0,
        most: spec.maxReplicaCount ?? 0,
      })),
    ];
    const least = new Map(scalers.map(({ target, least }) => [target, least]));
    for (const { least, most } of scalers) {
      expect(least).toBeGreaterThanOrEqual(1);
      expect(most).toBeGreaterThanOrEqual(least);
    }
    for (const { metadata, spec } of all(objects, 'Deployment')) {
      // the manifests say nothing, so that applying them again leaves what runs
      const expected = source.includes('overlay') ? undefined : least.get(metadata.name);
      if (least.has(metadata.name)) expect(spec?.replicas, metadata.name).toBe(expected);
      else expect(spec?.replicas, metadata.name).toBeGreaterThanOrEqual(1);
    }
    for (const name of least.keys()) one(objects, 'Deployment', name as string);
  });

  it('two replicas or more of each service in production', () => {
    if (!source.includes('prod')) return;
    const least = new Map(
      others<IHorizontalPodAutoscaler>(objects, 'HorizontalPodAutoscaler').map(({ metadata, spec }) => [
        metadata.name,
        spec?.minReplicas,
      ]),
    );
    for (const { metadata, spec } of all(objects, 'Deployment')) {
      if (source.includes('KEDA') && metadata.name === 'worker') continue;
      expect(least.get(metadata.name) ?? spec?.replicas, metadata.name).toBeGreaterThanOrEqual(2);
    }
  });

  it('the account, the priority and the claims of each pod', () => {
    for (const { owner, spec } of pods) {
      expect(names('ServiceAccount'), owner).toContain(spec.serviceAccountName);
      if (spec.priorityClassName) expect(names('PriorityClass'), owner).toContain(spec.priorityClassName);
      for (const { persistentVolumeClaim, configMap } of spec.volumes ?? []) {
        if (persistentVolumeClaim)
          expect(names('PersistentVolumeClaim')).toContain(persistentVolumeClaim.claimName);
        if (configMap) expect(names('ConfigMap')).toContain(configMap.name);
      }
    }
  });

  it('each key of each Secret, wherever Secrets come from', () => {
    const external = others<IExternalSecret>(objects, 'ExternalSecret');
    const keys = new Map<string, string[]>();
    for (const secret of others<ISecret>(objects, 'Secret')) {
      keys.set(secret.metadata.name, Object.keys({ ...secret.data, ...secret.stringData }));
    }
    for (const { metadata, spec } of external) {
      expect(spec?.target?.name).toBe(metadata.name);
      expect(names('SecretStore')).toContain(spec?.secretStoreRef?.name);
      keys.set(metadata.name, spec?.data?.map(({ secretKey }) => secretKey) ?? []);
    }
    const wanted = [
      ...pods
        .flatMap(containersOf)
        .flatMap(({ env = [] }) => env)
        .map(({ valueFrom }) => valueFrom?.secretKeyRef)
        .filter((secret) => secret !== undefined),
    ];
    expect(new Set(wanted.map(({ name }) => name)).size).toBe(4);
    for (const { name = '', key } of wanted) expect(keys.get(name), name).toContain(key);
  });

  it('the Service that KEDA asks, and its port', () => {
    for (const { spec } of others<IScaledObject>(objects, 'ScaledObject')) {
      for (const { metadata: asked } of spec.triggers) {
        const { hostname, port } = new URL(asked.url ?? '');
        const service = one(objects, 'Service', String(hostname.split('.')[0]));
        expect(service.spec?.ports?.map(({ port }) => String(port))).toContain(port);
      }
    }
  });

  it('a pod of the name of each test, whose log helm test asks for', () => {
    const tests = objects.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === 'test');
    expect(tests.length > 0).toBe(source.startsWith('charts'));
    for (const { metadata } of tests) expect(names('Pod')).toContain(metadata.name);
  });

  it('nothing twice in what Helm runs by itself and what it installs', () => {
    const hooks = objects.filter(isHook).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    const rest = objects.filter((object) => !isHook(object));
    expect(rest.filter(({ kind, metadata }) => hooks.includes(`${kind}/${metadata.name}`))).toEqual([]);
  });
});
