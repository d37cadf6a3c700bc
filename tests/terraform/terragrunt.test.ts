import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { parseHcl, unlabelled } from './hcl.ts';
import { interfaceOf } from './module-tables.ts';
import { infrastructure, terraform } from './terraform.ts';
import { environments, mocksOf, readEnvironment, type Unit } from './terragrunt.ts';

const reason = inject('whyNoTerraform');
if (reason) console.log(`The Terragrunt environments are not evaluated: ${reason}.`);

const settings = { AWS_ACCOUNT_ID: '111122223333', CLUSTER_API_CIDRS: '203.0.113.7/32, 198.51.100.0/24' };

/** Which outputs of which dependency a unit's inputs mention. */
function outputsUsed(unit: Unit): Map<string, Set<string>> {
  const text = JSON.stringify(unit.expressions);
  const used = new Map<string, Set<string>>([...unit.dependencies.keys()].map((name) => [name, new Set()]));
  for (const [, name, output] of text.matchAll(/dependency\.(\w+)\.outputs\.(\w+)/g)) {
    used.get(name as string)?.add(output as string);
  }
  return used;
}

describe.skipIf(reason !== '').each(environments)(
  'environment %s',
  { timeout: 60_000 },
  async (environment) => {
    const units = reason ? [] : await readEnvironment(environment, settings);
    it('has its units', () => {
      const cluster = ['bastion', 'eks-cluster', 'github-oidc', 'secrets-manager', 'vpc'];
      const more = ['backups', 'data-stores', 'domain', 'facts'];
      expect(units.map(({ name }) => name).sort()).toEqual([...cluster, ...more].sort());
    });

    it('keeps each unit’s state by itself, encrypted and locked, in a bucket of the account', () => {
      for (const { name, backend } of units) {
        expect(backend).toEqual({
          bucket: 'voting-app-terraform-state-111122223333',
          key: `environments/${environment}/${name}/terraform.tfstate`,
          region: 'us-east-1',
          encrypt: true,
          use_lockfile: true,
          allowed_account_ids: ['111122223333'],
        });
      }
    });

    it('works in its own account only', () => {
      for (const { provider } of units) expect(provider).toContain('allowed_account_ids = ["111122223333"]');
    });

    describe.each(units.map((unit) => [unit.name, unit] as const))('%s', (name, unit) => {
      it('feeds the module of its name', () => {
        expect(unit.module).toBe(name);
      });

      it('gives every input that the module needs, and no other', async () => {
        const { variables } = await interfaceOf(unit.module);
        const mocks = Object.fromEntries([...unit.dependencies].map(([key, { mocks }]) => [key, mocks]));
        const given = Object.keys(await unit.inputs(mocks));
        expect(given.filter((input) => !variables.has(input))).toEqual([]);
        const required = [...variables]
          .filter(([, block]) => !('default' in block))
          .map(([variable]) => variable);
        expect(required.filter((variable) => !given.includes(variable))).toEqual([]);
      });

      it('uses outputs that are there, and has a stand-in for each', async () => {
        for (const [key, used] of outputsUsed(unit)) {
          const { unit: source, mocks } = unit.dependencies.get(key) as { unit: string; mocks: object };
          const { outputs } = await interfaceOf(source);
          expect([...used].filter((output) => !outputs.has(output))).toEqual([]);
          expect([...used].filter((output) => !(output in mocks))).toEqual([]);
          expect(Object.keys(mocks).filter((output) => !outputs.has(output))).toEqual([]);
          expect(used.size, `${key} is waited for, but not used`).toBeGreaterThan(0);
        }
      });

      it('applies nothing with stand-ins', () => {
        for (const { mocksAllowedFor } of unit.dependencies.values()) {
          expect(mocksAllowedFor).toEqual(['validate', 'plan', 'show']);
        }
      });
    });
  },
);

describe('the environments', () => {
  it('differ in values only', async () => {
    const [dev, prod] = await Promise.all(
      environments.map((name) => parseHcl(join(infrastructure, 'environments', name, 'env.hcl'))),
    );
    expect(Object.keys(unlabelled(dev ?? {}, 'locals'))).toEqual(
      Object.keys(unlabelled(prod ?? {}, 'locals')),
    );
  });

  it.each(globSync('environments/*/*/terragrunt.hcl', { cwd: infrastructure }))(
    '%s says only what it is',
    (path) => {
      const text = readFileSync(join(infrastructure, path), 'utf8');
      const name = path.split('/')[2];
      expect(text).toBe(
        `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n\ninclude "unit" {\n  path = find_in_parent_folders("units/${name}.hcl")\n}\n`,
      );
    },
  );
});

describe.skipIf(reason !== '')('what the environments are about', { timeout: 60_000 }, async () => {
  const inputsOf = async (environment: string, name: string, env: NodeJS.ProcessEnv = settings) => {
    const units = await readEnvironment(environment, env);
    const unit = units.find((candidate) => candidate.name === name) as Unit;
    return unit.inputs(mocksOf(unit));
  };

  it('in prod, the cluster answers inside the VPC only, and nobody deploys past the bastion', async () => {
    const inputs = await inputsOf('prod', 'eks-cluster');
    expect(inputs).toMatchObject({
      endpoint_public_access: false,
      public_access_cidrs: [],
      access_entries: {},
    });
  });

  it('in dev, the cluster answers to the given networks, and to nobody whom nobody has named', async () => {
    const inputs = await inputsOf('dev', 'eks-cluster');
    expect(inputs).toMatchObject({
      endpoint_public_access: true,
      public_access_cidrs: ['203.0.113.7/32', '198.51.100.0/24'],
      access_entries: {},
    });
    expect(await inputsOf('dev', 'eks-cluster', {})).toMatchObject({
      endpoint_public_access: false,
      public_access_cidrs: [],
    });
  });

  it.each(environments)('in %s, the operators may use the cluster', async (environment) => {
    const operators = 'arn:aws:iam::111122223333:role/alice, arn:aws:iam::111122223333:role/bob';
    const inputs = await inputsOf(environment, 'eks-cluster', { ...settings, CLUSTER_OPERATORS: operators });
    const entries = Object.values(inputs.access_entries as Record<string, unknown>);
    expect(entries).toEqual(
      operators.split(', ').map((arn) => ({ principal_arn: arn, policy: 'AmazonEKSClusterAdminPolicy' })),
    );
  });

  it('an account each is the default, with all that an account has once', async () => {
    for (const environment of environments) {
      expect(await inputsOf(environment, 'github-oidc')).toMatchObject({ create_oidc_provider: true });
    }
    const shared = { ...settings, CREATE_OIDC_PROVIDER: 'false' };
    expect(await inputsOf('prod', 'github-oidc', shared)).toMatchObject({ create_oidc_provider: false });
  });

  it('a variable that is set and empty is not meant', async () => {
    const inputs = await inputsOf('dev', 'vpc', { AWS_ACCOUNT_ID: '', AWS_REGION: '' });
    expect(inputs).toMatchObject({ account_id: '000000000000', region: 'us-east-1' });
  });

  it('an account that nobody has named is no account', async () => {
    expect(await inputsOf('dev', 'vpc', {})).toMatchObject({ account_id: '000000000000' });
  });

  it.each(globSync('{*.hcl,units/*.hcl,environments/**/*.hcl}', { cwd: infrastructure }))(
    '%s is formatted',
    async (path) => {
      const input = readFileSync(join(infrastructure, path), 'utf8');
      expect((await terraform(infrastructure, ['fmt', '-'], { input })).output).toBe(input);
    },
  );
});
