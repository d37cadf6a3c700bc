import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  account,
  createBucket,
  createSecurityGroup,
  credentials,
  emulator,
  objectText,
  overrides,
  secretValue,
} from './aws-emulator.ts';
import { copyModules, init, terraform, terraformOrThrow, writeJson } from './terraform.ts';
import { environments, mocksOf, type Outputs, readEnvironment, type Unit } from './terragrunt.ts';

const reason = inject('whyNoTerraform') || (emulator ? '' : 'AWS_ENDPOINT_URL names no AWS emulator');
if (reason) console.log(`Terraform is applied to nothing: ${reason}.`);

Object.assign(process.env, credentials);
const settings = { AWS_ACCOUNT_ID: account, CLUSTER_API_CIDRS: '203.0.113.7/32' };
// nearly all of the time goes into waiting for the emulator, as it does for AWS
const together = '-parallelism=40';

/** What Terragrunt does for one unit: the module in a folder of its own, with state, provider and inputs. */
async function prepare(unit: Unit, modules: string, outputs: Outputs): Promise<string> {
  const folder = join(modules, unit.module);
  const config = Object.entries(unit.backend).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  writeFileSync(join(folder, 'backend.tf'), `terraform {\n  backend "s3" {\n${config.join('')}  }\n}\n`);
  writeFileSync(join(folder, 'provider.tf'), unit.provider);
  // the emulator's address cannot have a bucket's name in front
  writeFileSync(join(folder, 'provider_override.tf'), 'provider "aws" {\n  s3_use_path_style = true\n}\n');
  writeFileSync(join(folder, 'emulator_override.tf'), overrides[unit.module] ?? '');
  writeJson(join(folder, 'terraform.tfvars.json'), await unit.inputs(outputs));
  await init(folder, '-backend-config=use_path_style=true');
  return folder;
}

interface Made {
  readonly resources: readonly string[];
  readonly planAgain: { readonly code: number; readonly output: string };
}

/** What of Terraform's state file is looked at. */
interface State {
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resources: readonly {
    readonly mode: string;
    readonly module?: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly index_key?: string | number }[];
  }[];
}

function resourcesOf({ resources }: State): string[] {
  return resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ module, type, name, instances }) =>
      instances.map(({ index_key: key }) => {
        const index = key === undefined ? '' : `[${JSON.stringify(key)}]`;
        return `${module === undefined ? '' : `${module}.`}${type}.${name}${index}`;
      }),
    );
}

const stateText = ({ backend }: Unit) => objectText(backend.bucket as string, backend.key as string);

/** Applies every unit as soon as those that it depends on are there. */
async function makeAll(units: readonly Unit[], modules: string): Promise<Map<string, Made>> {
  const made = new Map<string, Made>();
  const outputs = new Map<string, Promise<Record<string, unknown>>>();
  for (const unit of units) outputs.set(unit.name, make(unit));
  await Promise.all(outputs.values());
  return made;

  async function make(unit: Unit): Promise<Record<string, unknown>> {
    const given: [string, Record<string, unknown>][] = [];
    for (const [name, dependency] of unit.dependencies) {
      given.push([name, (await outputs.get(dependency.unit)) ?? {}]);
    }
    const folder = await prepare(unit, modules, Object.fromEntries(given));
    await terraformOrThrow(folder, ['apply', '-auto-approve', together]);
    const planAgain = await terraform(folder, ['plan', '-detailed-exitcode', together]);
    const state = JSON.parse(await stateText(unit)) as State;
    made.set(unit.name, { resources: resourcesOf(state), planAgain });
    const values = Object.fromEntries(
      Object.entries(state.outputs).map(([name, { value }]) => [name, value]),
    );
    if (values.cluster_security_group_id === '') {
      values.cluster_security_group_id = await createSecurityGroup(values.cluster_name as string);
    }
    return values;
  }
}

describe.skipIf(reason !== '')('in an AWS emulator', { timeout: 400_000 }, () => {
  const modules = new Map(environments.map((environment) => [environment, copyModules()]));
  const units = new Map<string, Unit[]>();
  const made = new Map<string, Map<string, Made>>();

  const forEach = (work: (environment: (typeof environments)[number], modules: string) => Promise<void>) =>
    Promise.all([...modules].map(([environment, folder]) => work(environment, folder)));

  beforeAll(async () => {
    await createBucket(`voting-app-terraform-state-${account}`);
    await forEach(async (environment, folder) => {
      units.set(environment, await readEnvironment(environment, settings));
      made.set(environment, await makeAll(units.get(environment) as Unit[], folder));
    });
  }, 600_000);

  afterAll(() => {
    for (const folder of modules.values()) rmSync(folder, { recursive: true, force: true });
  });

  describe.each(environments)('%s', (environment) => {
    it('is made unit by unit, and is then what was asked for', () => {
      for (const [unit, { resources, planAgain }] of made.get(environment) as Map<string, Made>) {
        console.log(`${environment}/${unit}: ${resources.length} resources\n  ${resources.join('\n  ')}`);
        expect(planAgain.code, planAgain.output).toBe(0);
      }
    });

    it('keeps no secret in its state', async () => {
      const states = await Promise.all((units.get(environment) as Unit[]).map(stateText));
      for (const name of ['postgresql', 'redis', 'voter']) {
        const value = await secretValue(`voting-app/${environment}/${name}`);
        expect(value).toMatch(/^[A-Za-z0-9]{40}$/);
        expect(states.filter((state) => state.includes(value))).toEqual([]);
      }
    });
  });

  it('can be planned before anything is there', async () => {
    const folder = copyModules();
    try {
      for (const unit of await readEnvironment('prod', settings)) {
        const at = join(folder, unit.module);
        writeFileSync(join(at, 'provider.tf'), unit.provider);
        writeJson(join(at, 'terraform.tfvars.json'), await unit.inputs(mocksOf(unit)));
        await init(at);
        const { code, output } = await terraform(at, ['plan', together]);
        expect(code, output).toBe(0);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('refuses an account that is not the environment’s', async () => {
    const folder = copyModules();
    try {
      const [unit] = await readEnvironment('dev', { ...settings, AWS_ACCOUNT_ID: '999999999999' });
      writeFileSync(join(folder, 'vpc', 'provider.tf'), (unit as Unit).provider);
      await init(join(folder, 'vpc'));
      const inputs = ['-var=environment=dev', '-var=region=us-east-1', '-var=account_id=999999999999'];
      const { code, output } = await terraform(join(folder, 'vpc'), ['plan', ...inputs]);
      expect(code).toBe(1);
      expect(output).toContain(`AWS account ID not allowed: ${account}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is removed again, in the opposite order', async () => {
    await forEach(async (environment, folder) => {
      for (const unit of (units.get(environment) as Unit[]).toReversed()) {
        await terraformOrThrow(join(folder, unit.module), ['destroy', '-auto-approve', together]);
      }
    });
  });
});
