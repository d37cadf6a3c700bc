import { WrongCall } from '../program.ts';

export interface Environment {
  readonly name: string;
  readonly namespace: string;
  readonly cluster: string;
  /** The instance's Name tag; set where the cluster's API is private. */
  readonly bastion?: string;
}

export const environments: Readonly<Record<'dev' | 'prod', Environment>> = {
  dev: { name: 'dev', namespace: 'voting-dev', cluster: 'voting-dev' },
  prod: {
    name: 'prod',
    namespace: 'voting-prod',
    cluster: 'voting-prod',
    bastion: 'voting-prod-bastion',
  },
};

/** @throws {WrongCall} */
export function readEnvironment(name: string | undefined): Environment {
  if (name === 'dev' || name === 'prod') return environments[name];
  throw new WrongCall('--environment is needed: dev or prod.');
}
