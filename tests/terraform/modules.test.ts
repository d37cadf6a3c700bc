import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { credentials, emulator } from './aws-emulator.ts';
import { parseHcl } from './hcl.ts';
import { tablesOf } from './module-tables.ts';
import { type Provider, startProvider } from './provider.ts';
import { copyModules, infrastructure, init, moduleNames, terraform } from './terraform.ts';

const reason = inject('whyNoTerraform');
if (reason) console.log(`The Terraform modules are not tested: ${reason}.`);

/** Terraform cannot mock what is ephemeral, so these are tested against an emulator of AWS. */
const needEmulator = ['data-stores', 'secrets-manager'];
if (!emulator)
  console.log(`${needEmulator.join(' and ')} are validated only: AWS_ENDPOINT_URL names no AWS emulator.`);
Object.assign(process.env, credentials);

describe.skipIf(reason !== '')('the Terraform modules', { timeout: 240_000 }, () => {
  let modules: string;
  let provider: Provider;
  beforeAll(async () => {
    modules = copyModules();
    provider = await startProvider();
  });
  afterAll(async () => {
    rmSync(modules, { recursive: true, force: true });
    await provider.stop();
  });

  it('are formatted as terraform does it', async () => {
    const { code, output } = await terraform(infrastructure, ['fmt', '-check', '-recursive']);
    expect(code, output).toBe(0);
  });

  describe.each(moduleNames)('%s', (name) => {
    const testable = emulator || !needEmulator.includes(name);
    // testing validates as well
    it(testable ? 'passes its own tests' : 'is valid', async () => {
      const folder = join(modules, name);
      await init(folder, '-backend=false');
      const { env } = provider;
      const { code, output } = await terraform(folder, [testable ? 'test' : 'validate'], { env });
      expect(code, output).toBe(0);
      if (testable) expect(output).toMatch(/Success! [1-9]\d* passed, 0 failed/);
    });
  });
});

describe('each module', () => {
  it.each(moduleNames)('%s says in its README what goes in and out', async (name) => {
    const readme = readFileSync(join(infrastructure, 'modules', name, 'README.md'), 'utf8');
    expect(readme).toContain(await tablesOf(name));
  });
});

describe('terraform-infrastructure', () => {
  const files = globSync('**/*.{tf,hcl,tftpl}', {
    cwd: infrastructure,
    exclude: ['**/tests/**', '**/.terraform/**', '**/.terragrunt-cache/**'],
  });
  const containing = (pattern: RegExp) =>
    files.filter((file) => pattern.test(readFileSync(join(infrastructure, file), 'utf8')));

  it('names no account', () => {
    expect(containing(/(?<!\d)(?!000000000000)\d{12}(?!\d)/)).toEqual([]);
  });

  it('sets up the CNI before there are nodes', async () => {
    const { resource } = (await parseHcl(join(infrastructure, 'modules/eks-cluster/nodes.tf'))) as {
      resource: { aws_eks_node_group: { this: { depends_on: string[] }[] } };
    };
    const [group] = resource.aws_eks_node_group.this;
    const waitsFor = group?.depends_on.map((expression) => expression.slice('${'.length, -'}'.length));
    expect(waitsFor).toContain('aws_eks_addon.before_nodes');
    expect(waitsFor).toContain('aws_eks_pod_identity_association.this');
  });

  it('lets everything be destroyed that it makes', () => {
    expect(containing(/prevent_destroy/)).toEqual([]);
  });

  it('never reads outputs that are not there', () => {
    expect(containing(/skip_outputs/)).toEqual([]);
  });
});
