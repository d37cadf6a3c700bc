import { WrongCall } from '../program.ts';

export interface Environment {
  readonly name: 'dev' | 'prod';
  readonly namespace: string;
  readonly cluster: string;
  /** The Name tag of the machine from which the cluster is reached. */
  readonly bastion: string;
}

function environment(name: Environment['name']): Environment {
  const cluster = `voting-${name}`;
  return { name, namespace: cluster, cluster, bastion: `${cluster}-bastion` };
}

export const environments = { dev: environment('dev'), prod: environment('prod') };

/** @throws {WrongCall} */
export function readEnvironment(name: string | undefined): Environment {
  if (name === 'dev' || name === 'prod') return environments[name];
  throw new WrongCall('--environment is needed: dev or prod.');
}
