import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parse } from 'yaml';

export const root = resolve(import.meta.dirname, '../..');

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly 'continue-on-error'?: unknown;
}

export interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly environment?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, unknown>> };
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
}

export interface Trigger {
  readonly branches?: readonly string[];
  readonly tags?: readonly string[];
  readonly paths?: readonly string[];
  readonly workflows?: readonly string[];
  readonly inputs?: Inputs;
}

export type Inputs = Readonly<Record<string, { readonly required?: boolean; readonly default?: unknown }>>;

export interface Workflow {
  /** Its file without folder and ending, which is its name as well. */
  readonly name: string;
  readonly text: string;
  readonly on: Readonly<Record<string, Trigger | null>>;
  readonly permissions: unknown;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': unknown };
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Action {
  readonly name: string;
  readonly text: string;
  readonly inputs: Inputs;
  readonly steps: readonly Step[];
}

export const workflows: readonly Workflow[] = globSync('.github/workflows/*.yaml', { cwd: root })
  .sort()
  .map((file) => {
    const text = readFileSync(resolve(root, file), 'utf8');
    return { ...parse(text), name: basename(file, '.yaml'), text };
  });

export const actions: readonly Action[] = globSync('.github/actions/*/action.yml', { cwd: root })
  .sort()
  .map((file) => {
    const text = readFileSync(resolve(root, file), 'utf8');
    const { inputs = {}, runs } = parse(text);
    return { name: basename(dirname(file)), text, inputs, steps: runs.steps };
  });

export function workflow(name: string): Workflow {
  const found = workflows.find((workflow) => workflow.name === name);
  if (found === undefined) throw new Error(`there is no workflow ${name}`);
  return found;
}

export function action(name: string): Action {
  const found = actions.find((action) => action.name === name);
  if (found === undefined) throw new Error(`there is no action ${name}`);
  return found;
}

/** Every job with the name of its place, such as `release.version`. */
export const jobs: readonly (Job & { readonly place: string })[] = workflows.flatMap(({ name, jobs }) =>
  Object.entries(jobs).map(([id, job]) => ({ ...job, place: `${name}.${id}` })),
);

/** Every step of every job and action, likewise. */
export const steps: readonly (Step & { readonly place: string })[] = [
  ...jobs.map(({ place, steps = [] }) => ({ place, steps })),
  ...actions.map(({ name, steps }) => ({ place: `actions/${name}`, steps })),
].flatMap(({ place, steps }) =>
  steps.map((step, index) => ({ ...step, place: `${place} step ${index + 1}` })),
);
