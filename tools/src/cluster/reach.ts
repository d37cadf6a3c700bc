import { type Bastion, createBastion } from '../machine/bastion.ts';
import { programs } from '../machine/programs.ts';
import { required } from '../program/flags.ts';
import type { Environment } from './environments.ts';

const minute = 60_000;

/**
 * The machine from which the cluster of an environment is reached. No address has to be admitted anywhere,
 * so GitHub's own runners do, and so does anybody's machine. Reads AWS_REGION, and AWS_ACCOUNT_ID, of which
 * the bucket's name is made.
 *
 * @throws {WrongCall} when one of them is not set
 */
export function reach({ name, cluster, bastion }: Environment, env: NodeJS.ProcessEnv): Bastion {
  return createBastion({
    environment: name,
    instance: bastion,
    cluster,
    region: required('AWS_REGION', env.AWS_REGION),
    bucket: `voting-app-${name}-artifacts-${required('AWS_ACCOUNT_ID', env.AWS_ACCOUNT_ID)}`,
    programs,
    pollMs: 3_000,
    // a new instance needs two or three minutes until its agent answers
    onlineMs: 10 * minute,
  });
}
