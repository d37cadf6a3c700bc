import { type Bastion, createBastion } from '../machine/bastion.ts';
import { createHere } from '../machine/here.ts';
import type { Machine } from '../machine/machine.ts';
import { required } from '../program/flags.ts';
import type { Environment } from './environments.ts';

/**
 * The machine from which the cluster of an environment can be reached: this one for dev, the bastion
 * for prod. Reads AWS_REGION, and for a bastion AWS_ACCOUNT_ID, of which the bucket's name is made.
 *
 * @throws {WrongCall} when one of them is not set
 */
export function reach(environment: Environment, env: NodeJS.ProcessEnv): Machine {
  if (environment.bastion !== undefined) return reachBastion(environment, env);
  return createHere({ cluster: environment.cluster, region: required('AWS_REGION', env.AWS_REGION), env });
}

/** @throws {WrongCall} also when the environment has no bastion */
export function reachBastion({ name, cluster, bastion }: Environment, env: NodeJS.ProcessEnv): Bastion {
  return createBastion({
    instance: required(`A bastion in ${name}`, bastion),
    cluster,
    region: required('AWS_REGION', env.AWS_REGION),
    bucket: `voting-app-${name}-artifacts-${required('AWS_ACCOUNT_ID', env.AWS_ACCOUNT_ID)}`,
    pollMs: 3_000,
  });
}
