import type { Machine } from '../machine/machine.ts';
import { authorities } from './deployment-values.ts';
import type { Facts } from './facts.ts';

/** What the application needs of a namespace before it can be deployed. */
export const dataStores = ['postgresql', 'redis'] as const;
export const secrets = {
  'postgresql-credentials': ['password', 'worker-password', 'reader-password', 'host-password'],
  'redis-credentials': ['password'],
  'voter-credentials': ['secret'],
  'host-credentials': ['keys'],
} as const;

const quickMs = 60_000;

/**
 * Looks whether a namespace can take the application.
 *
 * @returns every fault, a sentence each; none when it is ready
 */
export async function readinessFaults(
  namespace: string,
  { managedStores }: Pick<Facts, 'managedStores'>,
  machine: Machine,
): Promise<string[]> {
  const kubectl = (...args: string[]) => machine.run(['kubectl', ...args], { limitMs: quickMs });

  const found = await kubectl('get', 'namespace', namespace, '--output', 'name');
  if (found.code !== 0) return [`The namespace ${namespace} cannot be read: ${found.stderr.trim()}`];

  const faults: string[] = [];
  for (const store of managedStores === null ? dataStores : []) {
    const replicas = 'jsonpath={.status.readyReplicas}/{.spec.replicas}';
    const { code, stdout, stderr } = await kubectl(
      'get',
      'statefulset',
      store,
      '--namespace',
      namespace,
      '--output',
      replicas,
    );
    const [ready, wanted] = stdout.split('/').map(Number);
    if (code !== 0) faults.push(`The StatefulSet ${store} cannot be read: ${stderr.trim()}`);
    else if (!ready || ready !== wanted)
      faults.push(`${store} has ${ready || 0} of ${wanted} replicas ready.`);
  }
  const needed = [
    ...Object.entries(secrets).map(([name, keys]) => ['Secret', name, keys] as const),
    ...(managedStores === null ? [] : [['ConfigMap', authorities, []] as const]),
  ];
  for (const [kind, name, keys] of needed) {
    const { code, stdout, stderr } = await kubectl(
      'get',
      kind.toLowerCase(),
      name,
      '--namespace',
      namespace,
      // the keys, and no value
      '--output',
      'go-template={{range $key, $_ := .data}}{{$key}} {{end}}',
    );
    const there = stdout.trim().split(/\s+/);
    if (code !== 0) faults.push(`The ${kind} ${name} cannot be read: ${stderr.trim()}`);
    else
      faults.push(
        ...keys.filter((key) => !there.includes(key)).map((key) => `The ${kind} ${name} has no key ${key}.`),
      );
  }
  return faults;
}
