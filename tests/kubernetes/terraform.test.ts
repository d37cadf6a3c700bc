import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { all, type KubernetesObject, one, podTemplates } from './objects.ts';
import { renderCharts, root } from './render.ts';

const files = globSync('terraform-infrastructure/**/*.{tf,hcl}', {
  cwd: root,
  exclude: ['**/.terraform/**', '**/.terragrunt-cache/**'],
});
if (files.length === 0)
  console.log('Terraform names are not compared: there is no terraform-infrastructure.');

/** All files whose path contains `part`, without comments, in one text with single spaces. */
function terraform(part: string): string {
  return files
    .filter((file) => file.includes(part))
    .map((file) => readFileSync(resolve(root, file), 'utf8').replace(/(^|\s)(#|\/\/).*$/gm, ''))
    .join('\n')
    .replace(/\s+/g, ' ');
}

describe.skipIf(files.length === 0).each(['dev', 'prod'] as const)(
  'the charts and Terraform in %s',
  (name) => {
    let objects: KubernetesObject[];
    beforeAll(async () => {
      objects = await renderCharts(name);
    });

    it('name the secrets alike', () => {
      const keys = objects
        .filter(({ kind }) => kind === 'ExternalSecret')
        .map((object) => (object as unknown as { spec: { data: { remoteRef: { key: string } }[] } }).spec)
        .flatMap(({ data }) => data.map(({ remoteRef }) => remoteRef.key));
      const wanted = [
        ...['host', 'postgresql', 'postgresql-host', 'postgresql-reader', 'postgresql-worker'],
        ...['redis', 'voter'],
      ];
      expect(keys.sort()).toEqual(wanted.map((key) => `voting-app/${name}/${key}`));
      const secrets = terraform('modules/secrets-manager/');
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
      expect(secrets).toContain('"voting-app/${var.environment}"');
      for (const key of wanted) expect(secrets).toMatch(new RegExp(`[ "]${key}"? *= `));
    });

    it.each(['vote', 'result', 'host'])('mean the same subnets for the load balancer of %s', (page) => {
      const blocks = (one(objects, 'NetworkPolicy', page).spec?.ingress ?? [])
        .flatMap((rule) => rule.from ?? [])
        .map(({ ipBlock }) => ipBlock?.cidr)
        .filter((cidr) => cidr !== undefined);
      const annotations = one(objects, 'Ingress', `${page}-ingress`).metadata.annotations;
      const internal = annotations?.['alb.ingress.kubernetes.io/scheme'] === 'internal';
      const variable = internal ? 'private_subnets?_cidrs?' : 'public_subnets?_cidrs?';
      const written = new RegExp(`variable "${variable}" \\{.*?default *= *\\[([^\\]]*)\\]`).exec(
        terraform('modules/vpc/'),
      );
      expect(blocks).toEqual(JSON.parse(`[${written?.[1]}]`));
    });

    it('agree on where the operators run, whose account has the right to read the secrets', () => {
      const cluster = terraform('modules/eks-cluster/');
      expect(cluster).toMatch(/namespace *= *"external-secrets", *service_account *= *"external-secrets"/);
      expect(cluster).toMatch(
        /namespace *= *"kube-system", *service_account *= *"aws-load-balancer-controller"/,
      );
    });

    it('leave volumes to the default storage class, which is there, and have policies enforced', () => {
      const claims = all(objects, 'StatefulSet').flatMap(({ spec }) => spec?.volumeClaimTemplates ?? []);
      expect(claims.length).toBe(2);
      expect(claims.filter(({ spec }) => spec?.storageClassName !== undefined)).toEqual([]);
      const cluster = terraform('modules/eks-cluster/');
      expect(cluster).toMatch(/defaultStorageClass *= *\{ *enabled *= *true/);
      expect(cluster).toMatch(/enableNetworkPolicy *= *"true"/);
    });

    it('have nodes with the labels that pods ask for', () => {
      const nodes = terraform(`environments/${name}/`);
      for (const { owner, spec } of podTemplates(objects)) {
        for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
          expect(nodes, owner).toContain(`"${key}" = "${value}"`);
        }
      }
    });
  },
);
