import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refused } from '../program.ts';
import { execute } from './here.ts';

/**
 * A configuration for kubectl and helm that knows this cluster only. The cluster is asked for here, because
 * the bastion may ask EKS nothing; and it is not written by `aws eks update-kubeconfig`, which would put the
 * profile of this machine into it. It holds no secret: where it is used, `aws` signs a token.
 *
 * @returns the file, JSON being YAML
 * @throws {Refused} when the cluster is not there or may not be seen
 */
export async function writeKubeconfig(cluster: string, region: string): Promise<string> {
  const [server, authority] = await describe(cluster, region);
  const token = ['eks', 'get-token', '--region', region, '--cluster-name', cluster];
  const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'aws', args: token };
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': cluster,
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: 'bastion', user: { exec: { ...exec, interactiveMode: 'Never' } } }],
    contexts: [{ name: cluster, context: { cluster, user: 'bastion' } }],
  };
  const file = join(mkdtempSync(join(tmpdir(), 'voting-kubeconfig-')), 'kubeconfig');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

/** The address of the API and the authority that signs its certificate. */
async function describe(cluster: string, region: string): Promise<[string, string]> {
  const query = ['--query', 'cluster.[endpoint,certificateAuthority.data]', '--output', 'text'];
  const args = ['eks', 'describe-cluster', '--name', cluster, '--region', region, ...query];
  const { code, stdout, stderr } = await execute('aws', args, { limitMs: 60_000 });
  const [server, authority] = stdout.trim().split(/\s+/);
  if (code !== 0 || !server?.startsWith('https://') || authority === undefined)
    throw new Refused(`There is no access to the cluster ${cluster}: ${stderr.trim() || stdout.trim()}`);
  return [server, authority];
}
