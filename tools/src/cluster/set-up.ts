import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from '../machine/here.ts';
import type { Machine } from '../machine/machine.ts';
import { Refused } from '../program.ts';
import { addOns } from './add-ons.ts';
import { packageChart, pullChart } from './charts.ts';
import type { Environment } from './environments.ts';
import { type Release, upgrade } from './release.ts';

const timeoutMs = 600_000;

/** Ours, in the order in which they need each other. */
const ownCharts = ['infrastructure', 'postgresql', 'redis'] as const;

export interface SetUpDeps {
  readonly machine: Machine;
  /** Told of every release that stands. */
  readonly onRelease: (name: string, revision: string) => void;
}

/**
 * Brings a cluster to where the application can be deployed; safe to repeat.
 *
 * @throws {Refused} at the first release that does not become ready
 */
export async function setUpCluster(
  environment: Environment,
  region: string,
  { machine, onRelease }: SetUpDeps,
): Promise<void> {
  const install = async (release: Omit<Release, 'timeoutMs'>) =>
    onRelease(release.name, await upgrade({ ...release, timeoutMs }, machine));

  await install(await loadBalancerController(environment, region, machine));
  await install(await externalSecrets());
  for (const name of ownCharts) {
    await install({
      name,
      namespace: environment.namespace,
      chart: await packageChart(`helm-chart/${name}`),
      values: [`helm-chart/${name}/values-${environment.name}.yaml`],
      // this chart has the namespace itself, which is there before it
      ...(name === 'infrastructure' ? { adopts: true, set: [`secrets.aws.region=${region}`] } : {}),
    });
  }
}

async function externalSecrets(): Promise<Omit<Release, 'timeoutMs'>> {
  const { name } = addOns.externalSecrets;
  // cluster access to AWS is by EKS Pod Identity, for the service account external-secrets/external-secrets
  return { name, namespace: name, chart: await pullChart(addOns.externalSecrets), values: [] };
}

async function loadBalancerController(
  { cluster }: Environment,
  region: string,
  machine: Machine,
): Promise<Omit<Release, 'timeoutMs'>> {
  const { name } = addOns.loadBalancerController;
  const chart = await pullChart(addOns.loadBalancerController);
  await applyCustomResources(chart, machine);
  const vpcId = await vpcOf(cluster, region, machine);
  const set = [`clusterName=${cluster}`, `region=${region}`, `vpcId=${vpcId}`, `serviceAccount.name=${name}`];
  return { name, namespace: 'kube-system', chart, values: [], set };
}

/** Helm installs a chart's CRDs once and never upgrades them. */
async function applyCustomResources(chart: string, machine: Machine): Promise<void> {
  const shown = await execute('helm', ['show', 'crds', chart], { limitMs: 60_000 });
  if (shown.code !== 0) throw new Refused(`helm show crds: ${shown.stderr.trim()}`);
  const file = join(mkdtempSync(join(tmpdir(), 'voting-crds-')), 'crds.yaml');
  writeFileSync(file, shown.stdout);
  const apply = ['kubectl', 'apply', '--server-side', '--force-conflicts', '--filename', 'crds.yaml'];
  const { code, stderr } = await machine.run(apply, { files: [file], limitMs: 120_000 });
  if (code !== 0) throw new Refused(`The custom resources cannot be applied: ${stderr.trim()}`);
}

async function vpcOf(cluster: string, region: string, machine: Machine): Promise<string> {
  const query = ['--query', 'cluster.resourcesVpcConfig.vpcId', '--output', 'text'];
  const { code, stdout, stderr } = await machine.run(
    ['aws', 'eks', 'describe-cluster', '--name', cluster, '--region', region, ...query],
    { limitMs: 60_000 },
  );
  if (code !== 0 || !stdout.startsWith('vpc-'))
    throw new Refused(`The VPC of ${cluster} cannot be found: ${stderr.trim()}`);
  return stdout.trim();
}
