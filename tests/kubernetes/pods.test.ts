import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  all,
  containerOf,
  containersOf,
  type KubernetesObject,
  type PodTemplate,
  podTemplates,
} from './objects.ts';
import { restrictedFaults } from './pod-security.ts';
import { environmentNames, renderCharts, renderOverlay } from './render.ts';

const sources = environmentNames.flatMap((name) => [`charts ${name}`, `overlay ${name}`]);
const everything = ['--set', 'seed.enabled=true', '--set', 'worker.keda.enabled=true'];

describe.each(sources)('%s', (source) => {
  let objects: KubernetesObject[];
  let pods: PodTemplate[];
  beforeAll(async () => {
    const [kind, name] = source.split(' ') as ['charts' | 'overlay', (typeof environmentNames)[number]];
    objects = kind === 'charts' ? await renderCharts(name, ...everything) : await renderOverlay(name);
    pods = podTemplates(objects);
  });

  it('has the pods it should have, or the checks below would pass on nothing', () => {
    const services = pods.map(({ owner }) => owner).filter((owner) => /Deployment|StatefulSet/.test(owner));
    expect(services.sort()).toEqual([
      'Deployment/host',
      'Deployment/result',
      'Deployment/vote',
      'Deployment/worker',
      'StatefulSet/postgresql',
      'StatefulSet/redis',
    ]);
  });

  it('takes pods of the restricted profile only, of a pinned version', () => {
    const [namespace, ...more] = all(objects, 'Namespace');
    expect(more).toEqual([]);
    for (const mode of ['enforce', 'audit', 'warn']) {
      expect(namespace?.metadata.labels?.[`pod-security.kubernetes.io/${mode}`]).toBe('restricted');
      expect(namespace?.metadata.labels?.[`pod-security.kubernetes.io/${mode}-version`]).toMatch(/^v1\.\d+$/);
    }
  });

  it('has pods that the restricted profile lets in', () => {
    for (const { owner, spec } of pods) expect(restrictedFaults(spec), owner).toEqual([]);
  });

  it('runs ours as 1000 and the stores as their images want it', () => {
    for (const { owner, spec } of pods) {
      const user = /postgresql|redis/.test(owner) ? 999 : 1000;
      expect(spec.securityContext, owner).toMatchObject({ runAsUser: user, runAsGroup: user, fsGroup: user });
      expect(spec.containers[0]?.securityContext?.runAsUser, owner).toBeUndefined();
    }
  });

  it('hands out no token, and no variables that Services would set', () => {
    for (const { owner, spec } of pods) {
      // AWS has to know whose dumps these are
      const known = source.endsWith('prod') && owner === 'CronJob/postgresql-backup';
      expect(spec.serviceAccountName, owner).toBe(known ? 'postgresql-backup-sa' : 'voting-app-sa');
      expect(spec.automountServiceAccountToken, owner).toBe(false);
      expect(spec.enableServiceLinks, owner).toBe(false);
    }
  });

  it('sees within a second that a store has started, and leaves it ten minutes for that', () => {
    for (const pod of pods.filter(({ owner }) => owner.startsWith('StatefulSet/'))) {
      const {
        periodSeconds = 0,
        failureThreshold = 0,
        initialDelaySeconds,
      } = containerOf(pod).startupProbe ?? {};
      expect([periodSeconds, initialDelaySeconds], pod.owner).toEqual([1, undefined]);
      expect(periodSeconds * failureThreshold, pod.owner).toBeGreaterThanOrEqual(600);
    }
  });

  it('writes to volumes only', () => {
    for (const pod of pods) {
      for (const { securityContext } of containersOf(pod)) {
        expect(securityContext?.readOnlyRootFilesystem, pod.owner).toBe(true);
      }
    }
  });

  it('asks for and is limited in CPU and memory, and asks for no more than the limit', () => {
    const containers = pods.flatMap((pod) =>
      containersOf(pod).map((container) => ({ owner: pod.owner, container })),
    );
    for (const { owner, container } of containers) {
      const { requests = {}, limits = {} } = container.resources ?? {};
      for (const [name, inUnits] of Object.entries({ cpu: cores, memory: bytes })) {
        const [request, limit] = [requests[name], limits[name]].map((amount) => inUnits(String(amount)));
        expect(request, `${owner} ${name}`).toBeGreaterThan(0);
        expect(limit, `${owner} ${name}`).toBeGreaterThanOrEqual(request as number);
      }
    }
  });

  it('probes whatever keeps running', () => {
    for (const pod of pods.filter(({ owner }) => /Deployment|StatefulSet/.test(owner))) {
      const { startupProbe, readinessProbe, livenessProbe } = containerOf(pod);
      expect([startupProbe, readinessProbe, livenessProbe], pod.owner).not.toContain(undefined);
    }
  });

  it('keeps what the stores hold in volumes that outlive them', () => {
    const paths = { redis: '/data', postgresql: '/var/lib/postgresql' };
    for (const set of all(objects, 'StatefulSet')) {
      const path = paths[set.metadata.name as keyof typeof paths];
      const claim = set.spec?.volumeClaimTemplates?.[0];
      expect(claim?.spec?.resources?.requests?.storage, set.metadata.name).toMatch(/^\d+Gi$/);
      const mounted = set.spec?.template.spec?.containers[0]?.volumeMounts ?? [];
      expect(mounted, set.metadata.name).toContainEqual({ name: claim?.metadata?.name, mountPath: path });
      expect(set.spec?.persistentVolumeClaimRetentionPolicy, set.metadata.name).toBeUndefined();
    }
  });

  it('has no claim that waits for a pod which comes later: Helm would wait as long', () => {
    const running = pods.filter(({ owner }) => /Deployment|StatefulSet/.test(owner));
    const mounted = running.flatMap(({ spec }) =>
      (spec.volumes ?? []).map(({ persistentVolumeClaim: claim }) => claim?.claimName),
    );
    const claims = all(objects, 'PersistentVolumeClaim').map(({ metadata }) => metadata.name);
    expect(claims.filter((name) => !mounted.includes(name))).toEqual([]);
  });

  it('names no image that means something else tomorrow', () => {
    for (const pod of pods) {
      for (const { image } of containersOf(pod))
        expect(image, pod.owner).toMatch(/:(?!latest)[\w.-]+$|@sha256:/);
    }
  });
});

function cores(amount: string): number {
  return amount.endsWith('m') ? Number(amount.slice(0, -1)) / 1_000 : Number(amount);
}

function bytes(amount: string): number {
  const [, number, unit] = /^(\d+)([KMGT])i$/.exec(amount) ?? [];
  return Number(number) * 1_024 ** ('KMGT'.indexOf(unit ?? '?') + 1);
}

describe('the check for the restricted profile', () => {
  const container = {
    name: 'x',
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
  const good: IPodSpec = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
  };

  it('has nothing against the least that is enough', () => {
    expect(restrictedFaults(good)).toEqual([]);
  });

  it.each<[string, IPodSpec]>([
    ['hostNetwork is on', { ...good, hostNetwork: true }],
    ['hostPID is on', { ...good, hostPID: true }],
    ['volume v is of type hostPath', { ...good, volumes: [{ name: 'v', hostPath: { path: '/' } }] }],
    [
      'x may gain privileges',
      { ...good, containers: [{ ...container, securityContext: { capabilities: { drop: ['ALL'] } } }] },
    ],
    [
      'x keeps capabilities',
      { ...good, containers: [{ ...container, securityContext: { allowPrivilegeEscalation: false } }] },
    ],
    ['x may run as root', { ...good, securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }],
    ['x has no seccomp profile', { ...good, securityContext: { runAsNonRoot: true } }],
    [
      'x takes a port of the host',
      { ...good, containers: [{ ...container, ports: [{ containerPort: 1, hostPort: 1 }] }] },
    ],
    ['the pod runs as root', { ...good, securityContext: { ...good.securityContext, runAsUser: 0 } }],
  ])('complains that %s', (fault, spec) => {
    expect(restrictedFaults(spec)).toEqual([fault]);
  });
});
