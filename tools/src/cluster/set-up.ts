import type { Machine } from '../machine/machine.ts';
import { applyAuthorities } from './authorities.ts';
import { packageChart } from './charts.ts';
import { externalDns, externalSecrets, loadBalancerController } from './controllers.ts';
import type { Environment } from './environments.ts';
import type { Facts } from './facts.ts';
import { type Release, upgrade } from './release.ts';

const timeoutMs = 600_000;

export interface SetUpDeps {
  readonly machine: Machine;
  /** Told of every release that stands. */
  readonly onRelease: (name: string, revision: string) => void;
}

/**
 * Brings a cluster to where the application can be deployed; safe to repeat. Which stores it gets, and
 * whether ExternalDNS, is in the facts. What it does not need any more it leaves alone: there may be votes in it.
 *
 * @throws {Refused} at the first release that does not become ready
 */
export async function setUpCluster(
  environment: Environment,
  region: string,
  facts: Facts,
  { machine, onRelease }: SetUpDeps,
): Promise<void> {
  const install = async (release: Omit<Release, 'timeoutMs'>) =>
    onRelease(release.name, await upgrade({ ...release, timeoutMs }, machine));
  const own = async (name: string, more: Partial<Release> = {}) =>
    install({
      name,
      namespace: environment.namespace,
      chart: await packageChart(`helm-chart/${name}`),
      values: [`helm-chart/${name}/values-${environment.name}.yaml`],
      ...more,
    });

  await install(await loadBalancerController(environment, region, facts, machine));
  await install(await externalSecrets());
  if (facts.domain !== null) await install(await externalDns(environment, facts.domain));
  // this chart has the namespace itself, which is there before it
  await own('infrastructure', { adopts: true, set: [`secrets.aws.region=${region}`] });
  if (facts.managedStores !== null) {
    await applyAuthorities(environment.namespace, machine);
    return;
  }
  await own('postgresql', {
    set: [`backup.s3.bucket=${facts.backupBucket}`, `backup.s3.region=${region}`],
  });
  await own('redis');
}
