import type { Machine } from '../machine/machine.ts';

/** What the application needs of a namespace before it can be deployed. */
export const dataStores = ['postgresql', 'redis'] as const;
export const secrets = ['postgresql-credentials', 'redis-credentials', 'voter-credentials'] as const;

const quickMs = 60_000;

/**
 * Looks whether a namespace can take the application.
 *
 * @returns every fault, a sentence each; none when it is ready
 */
export async function readinessFaults(namespace: string, machine: Machine): Promise<string[]> {
  const kubectl = (...args: string[]) => machine.run(['kubectl', ...args], { limitMs: quickMs });

  const found = await kubectl('get', 'namespace', namespace, '--output', 'name');
  if (found.code !== 0) return [`The namespace ${namespace} cannot be read: ${found.stderr.trim()}`];

  const faults: string[] = [];
  for (const store of dataStores) {
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
  for (const secret of secrets) {
    const { code, stderr } = await kubectl(
      'get',
      'secret',
      secret,
      '--namespace',
      namespace,
      '--output',
      'name',
    );
    if (code !== 0) faults.push(`The Secret ${secret} cannot be read: ${stderr.trim()}`);
  }
  return faults;
}
