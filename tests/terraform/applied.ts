import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecurityGroup, overrides } from './aws-emulator.ts';
import type { Line } from './line.ts';
import { readState } from './state.ts';
import { copyModules, init, terraform, terraformOrThrow, writeJson } from './terraform.ts';
import type { Outputs, Unit } from './terragrunt.ts';

/** Nearly all of the time goes into waiting for the emulator, as it does for AWS. */
export const together = '-parallelism=40';

/** How a unit was after it had been applied. */
export interface Made {
  readonly resources: readonly string[];
  /** Whether there was anything to do. */
  readonly changed: boolean;
  readonly planAgain: { readonly code: number; readonly output: string };
}

/** An environment that is applied to the emulator as Terragrunt and the workflows would. */
export interface Applied {
  /** Stands in for the security group that EKS makes for a cluster. */
  readonly clusterGroups: readonly string[];
  /** Plans every unit as soon as those that it depends on are there, and applies what there is to do. */
  make(units: readonly Unit[]): Promise<ReadonlyMap<string, Made>>;
  /** Destroys every unit before those that it depends on. */
  remove(units: readonly Unit[]): Promise<void>;
  close(): void;
}

/** @param lineFor over which each unit is done */
export function createApplied(lineFor: (unit: Unit) => Line): Applied {
  const modules = copyModules();
  for (const [module, text] of Object.entries(overrides))
    writeFileSync(join(modules, module, 'emulator_override.tf'), text);
  /** Folders of the units that were applied before. */
  const there = new Set<string>();
  let clusterGroup: string | undefined;

  async function apply(folder: string, env: Line['env']): Promise<Omit<Made, 'resources'>> {
    const plan = (...args: string[]) =>
      terraform(folder, ['plan', '-detailed-exitcode', together, ...args], { env });
    const first = await plan('-out=plan');
    if (first.code === 1) throw new Error(`${folder} cannot be planned:\n${first.output}`);
    const changed = first.code === 2;
    // a unit of nothing is applied too, or others could not read its outputs
    if (!changed && there.has(folder)) return { changed, planAgain: first };
    await terraformOrThrow(folder, ['apply', together, 'plan'], env);
    there.add(folder);
    return { changed, planAgain: changed ? await plan() : first };
  }

  /** What the unit's outputs are on AWS. */
  async function outputsOn(values: Record<string, unknown>): Promise<Record<string, unknown>> {
    if (values.cluster_security_group_id !== '') return values;
    clusterGroup ??= await createSecurityGroup(values.cluster_name as string);
    return { ...values, cluster_security_group_id: clusterGroup };
  }

  return {
    get clusterGroups() {
      return clusterGroup === undefined ? [] : [clusterGroup];
    },
    async make(units) {
      const made = new Map<string, Made>();
      const outputs = new Map<string, Promise<Record<string, unknown>>>();
      for (const unit of units) outputs.set(unit.name, makeOne(unit));
      await Promise.all(outputs.values());
      return made;

      async function makeOne(unit: Unit): Promise<Record<string, unknown>> {
        const given: [string, Record<string, unknown>][] = [];
        for (const [name, dependency] of unit.dependencies)
          given.push([name, (await outputs.get(dependency.unit)) ?? {}]);
        const folder = await prepare(unit, modules, Object.fromEntries(given));
        const applied = await apply(folder, lineFor(unit).env);
        const state = await readState(unit);
        made.set(unit.name, { resources: state.resources, ...applied });
        return outputsOn(state.outputs);
      }
    },
    async remove(units) {
      for (const unit of units.toReversed()) {
        const { env } = lineFor(unit);
        await terraformOrThrow(join(modules, unit.module), ['destroy', '-auto-approve', together], env);
      }
    },
    close: () => rmSync(modules, { recursive: true, force: true }),
  };
}

/** What Terragrunt does for one unit: the module in a folder of its own, with state, provider and inputs. */
async function prepare(unit: Unit, modules: string, outputs: Outputs): Promise<string> {
  const folder = join(modules, unit.module);
  const config = Object.entries(unit.backend).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  writeFileSync(join(folder, 'backend.tf'), `terraform {\n  backend "s3" {\n${config.join('')}  }\n}\n`);
  writeFileSync(join(folder, 'provider.tf'), unit.provider);
  // the emulator's address cannot have a bucket's name in front
  writeFileSync(join(folder, 'provider_override.tf'), 'provider "aws" {\n  s3_use_path_style = true\n}\n');
  writeJson(join(folder, 'terraform.tfvars.json'), await unit.inputs(outputs));
  await init(folder, '-backend-config=use_path_style=true');
  return folder;
}
