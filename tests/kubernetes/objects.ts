import type { IObjectMeta } from '@kubernetes-models/apimachinery/apis/meta/v1/ObjectMeta';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IStatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import type { ICronJob } from 'kubernetes-models/batch/v1/CronJob';
import type { IJob } from 'kubernetes-models/batch/v1/Job';
import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import type { IPod } from 'kubernetes-models/v1/Pod';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import type { IService } from 'kubernetes-models/v1/Service';

/** An object as charts and overlays render it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: IObjectMeta & { readonly name: string };
}

/** The kinds whose inside the tests look at. What is rendered is held against them in schemas.test.ts. */
interface Kinds {
  Deployment: IDeployment;
  StatefulSet: IStatefulSet;
  CronJob: ICronJob;
  Job: IJob;
  Pod: IPod;
  Service: IService;
  Ingress: IIngress;
  NetworkPolicy: INetworkPolicy;
  Namespace: INamespace;
  PersistentVolumeClaim: IPersistentVolumeClaim;
}

export function all<Kind extends keyof Kinds>(
  objects: readonly KubernetesObject[],
  kind: Kind,
): (KubernetesObject & Kinds[Kind])[] {
  return objects.filter((object) => object.kind === kind) as (KubernetesObject & Kinds[Kind])[];
}

/** The one object of this kind and name. */
export function one<Kind extends keyof Kinds>(
  objects: readonly KubernetesObject[],
  kind: Kind,
  name: string,
): KubernetesObject & Kinds[Kind] {
  const found = all(objects, kind).filter(({ metadata }) => metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} objects ${kind}/${name}, not 1`);
  return found[0] as KubernetesObject & Kinds[Kind];
}

export interface PodTemplate {
  /** Of what makes the pods, such as "Deployment/vote". */
  readonly owner: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: IPodSpec;
}

/** The pods that the objects describe or make. */
export function podTemplates(objects: readonly KubernetesObject[]): PodTemplate[] {
  const templates = [
    ...[
      ...all(objects, 'Deployment'),
      ...all(objects, 'StatefulSet'),
      ...all(objects, 'Job'),
      ...all(objects, 'CronJob').map(({ kind, metadata, spec }) => ({
        kind,
        metadata,
        ...spec?.jobTemplate,
      })),
    ].map(({ kind, metadata, spec }) => ({ kind, metadata, template: spec?.template })),
    ...all(objects, 'Pod').map((pod) => ({ kind: 'Pod', metadata: pod.metadata, template: pod })),
  ];
  return templates.map(({ kind, metadata, template }) => {
    if (template?.spec === undefined) throw new Error(`${kind}/${metadata.name} has no pod`);
    return {
      owner: `${kind}/${metadata.name}`,
      labels: template.metadata?.labels ?? {},
      spec: template.spec,
    };
  });
}

/** Every container of a pod, those first that run before the others. */
export function containersOf({ spec }: PodTemplate): IContainer[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

/** The only container of a pod, besides those that run before it. */
export function containerOf({ owner, spec }: PodTemplate): IContainer {
  const [container, ...more] = spec.containers;
  if (container === undefined || more.length > 0) throw new Error(`${owner} has not one container`);
  return container;
}

/** The container of this name that runs before the others. */
export function initContainerOf({ owner, spec }: PodTemplate, name: string): IContainer {
  const container = spec.initContainers?.find((candidate) => candidate.name === name);
  if (container === undefined) throw new Error(`nothing named ${name} runs before ${owner}`);
  return container;
}

/** Whether Helm runs the object by itself, for a test or beside an installation. */
export function isHook({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.['helm.sh/hook'] !== undefined;
}
