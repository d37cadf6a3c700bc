import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from '../machine/here.ts';
import type { Machine } from '../machine/machine.ts';
import { Refused } from '../program.ts';
import { addOns } from './add-ons.ts';
import { pullChart } from './charts.ts';
import type { Environment } from './environments.ts';
import type { Facts } from './facts.ts';
import type { Release } from './release.ts';

type Installation = Omit<Release, 'timeoutMs'>;

/** What a cluster needs from others. Each is known to AWS by EKS Pod Identity, so none is given a key. */
export async function externalSecrets(): Promise<Installation> {
  const { name } = addOns.externalSecrets;
  return { name, namespace: name, chart: await pullChart(addOns.externalSecrets), values: [] };
}

export async function loadBalancerController(
  { cluster, name: environment }: Environment,
  region: string,
  { vpcId }: Pick<Facts, 'vpcId'>,
  machine: Machine,
): Promise<Installation> {
  const { name } = addOns.loadBalancerController;
  const chart = await pullChart(addOns.loadBalancerController);
  await applyCustomResources(chart, machine);
  const set = [
    ...[`clusterName=${cluster}`, `region=${region}`, `vpcId=${vpcId}`, `serviceAccount.name=${name}`],
    // by these other environments are kept away from what it makes
    ...['defaultTags.Project=voting-app', `defaultTags.Environment=${environment}`],
  ];
  return { name, namespace: 'kube-system', chart, values: [], set };
}

/** Points the names of the pages to their load balancers, and touches no other name. */
export async function externalDns(
  { cluster }: Environment,
  { zoneId, voteHost, resultHost, hostHost }: NonNullable<Facts['domain']>,
): Promise<Installation> {
  const { name } = addOns.externalDns;
  const set = [
    ...['provider.name=aws', `serviceAccount.name=${name}`, `txtOwnerId=${cluster}`, 'policy=sync'],
    'sources[0]=ingress',
    ...[voteHost, resultHost, hostHost].map((host, n) => `domainFilters[${n}]=${host}`),
    `extraArgs[0]=--zone-id-filter=${zoneId}`,
  ];
  return { name, namespace: name, chart: await pullChart(addOns.externalDns), values: [], set };
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
