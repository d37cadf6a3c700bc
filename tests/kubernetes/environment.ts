import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IContainer } from 'kubernetes-models/v1/Container';
import { containerOf, type KubernetesObject, type PodTemplate } from './objects.ts';

/**
 * The variables that a pod's container gets, in the end: its own and those of ConfigMaps. One that comes
 * from a Secret is written as "secret NAME KEY". Of a pod with several containers one has to be named.
 */
export function environmentOf(
  pod: PodTemplate,
  objects: readonly KubernetesObject[],
  { env = [], envFrom = [] }: IContainer = containerOf(pod),
): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { configMapRef } of envFrom) {
    const map = objects.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef?.name,
    );
    if (map === undefined) throw new Error(`${pod.owner} takes variables from what is not there`);
    Object.assign(variables, (map as KubernetesObject & IConfigMap).data);
  }
  for (const { name, value = '', valueFrom } of env) {
    const secret = valueFrom?.secretKeyRef;
    variables[name] = secret === undefined ? value : `secret ${secret.name} ${secret.key}`;
  }
  return variables;
}
