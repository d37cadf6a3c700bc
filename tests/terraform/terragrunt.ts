import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { type Block, labelled, parseHcl, unlabelled } from './hcl.ts';
import { infrastructure, terraform, writeJson } from './terraform.ts';

/** Outputs of the units that a unit depends on, by the name of its dependency block. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface Dependency {
  readonly unit: string;
  readonly mocks: Readonly<Record<string, unknown>>;
  readonly mocksAllowedFor: readonly string[];
}

/** A folder with a terragrunt.hcl, as Terragrunt reads it. */
export interface Unit {
  readonly name: string;
  readonly module: string;
  readonly dependencies: ReadonlyMap<string, Dependency>;
  /** The expressions of its inputs, before anything is known of the outputs they need. */
  readonly expressions: Block;
  readonly backend: Readonly<Record<string, unknown>>;
  /** The file that root.hcl generates beside the module. */
  readonly provider: string;
  inputs(outputs: Outputs): Promise<Readonly<Record<string, unknown>>>;
}

/** What a unit is planned with before the others are there. */
export function mocksOf({ dependencies }: Unit): Outputs {
  return Object.fromEntries([...dependencies].map(([name, { mocks }]) => [name, mocks]));
}

export const environments = ['dev', 'prod'] as const;

/**
 * Reads every unit of an environment, those first that others depend on. This does of Terragrunt what
 * our files ask of it: dependencies, inputs, generated files. Expressions are evaluated by Terraform, which
 * shares its language with Terragrunt.
 *
 * @param changes what env.hcl says instead
 */
export async function readEnvironment(
  environment: string,
  env: NodeJS.ProcessEnv = {},
  changes: Block = {},
): Promise<Unit[]> {
  const folder = join(infrastructure, 'environments', environment);
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'terragrunt.hcl')));
  return inOrder(await Promise.all(names.map((name) => readUnit(join(folder, name), env, changes))));
}

/**
 * Reads the unit that a folder is or could be. Its own terragrunt.hcl is not read: it includes root.hcl
 * and the file of its name in units, and a test sees to it that it says nothing else.
 */
export async function readUnit(
  folder: string,
  env: NodeJS.ProcessEnv = {},
  changes: Block = {},
): Promise<Unit> {
  const at = { folder, env, changes };
  const root = await parseHcl(findInParentFolders(folder, 'root.hcl'));
  const unit = await parseHcl(findInParentFolders(folder, `units/${basename(folder)}.hcl`));
  const within = { ...at, locals: unlabelled(unit, 'locals') };
  const withinRoot = { ...at, locals: unlabelled(root, 'locals') };

  const source = (await evaluate(unlabelled(unit, 'terraform').source, within)) as string;
  const dependencies = await Promise.all(
    [...labelled(unit, 'dependency')].map(async ([name, block]) => {
      const known = (await evaluate(block, within)) as Record<string, unknown>;
      return [
        name,
        {
          unit: basename(known.config_path as string),
          mocks: known.mock_outputs as Dependency['mocks'],
          mocksAllowedFor: known.mock_outputs_allowed_terraform_commands as string[],
        },
      ] as const;
    }),
  );
  const remoteState = unlabelled(root, 'remote_state');
  const generated = labelled(root, 'generate').get('provider') as Block;
  return {
    name: basename(folder),
    module: source.split('//')[1] as string,
    dependencies: new Map(dependencies),
    expressions: unit.inputs as Block,
    backend: (await evaluate(remoteState.config, withinRoot)) as Record<string, unknown>,
    provider: (await evaluate(generated.contents, withinRoot)) as string,
    inputs: async (outputs) => ({
      ...((await evaluate(root.inputs, withinRoot)) as Block),
      ...((await evaluate(unit.inputs, { ...within, outputs })) as Block),
    }),
  };
}

function inOrder(units: readonly Unit[]): Unit[] {
  const ordered: Unit[] = [];
  let waiting = [...units];
  while (waiting.length > 0) {
    const ready = waiting.filter(({ dependencies }) =>
      [...dependencies.values()].every(({ unit }) => ordered.some(({ name }) => name === unit)),
    );
    if (ready.length === 0)
      throw new Error(`${waiting.map(({ name }) => name)} wait for each other or for nobody`);
    ordered.push(...ready);
    waiting = waiting.filter((unit) => !ready.includes(unit));
  }
  return ordered;
}

interface Scope {
  /** The unit's folder, whichever file the expression is in. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** What env.hcl says instead. */
  readonly changes: Block;
  readonly locals?: Block;
  readonly outputs?: Outputs;
}

async function evaluate(value: unknown, scope: Scope): Promise<unknown> {
  const dependency = Object.fromEntries(
    Object.entries(scope.outputs ?? {}).map(([name, outputs]) => [name, { outputs }]),
  );
  const folder = mkdtempSync(join(tmpdir(), 'voting-expression-'));
  try {
    writeJson(join(folder, 'main.tf.json'), {
      locals: {
        ...((await replaceFunctions(scope.locals ?? {}, scope)) as Block),
        dependency,
        value: await replaceFunctions(value, scope),
      },
    });
    const { code, output } = await terraform(folder, ['console'], { input: 'jsonencode(local.value)\n' });
    if (code !== 0) throw new Error(`cannot evaluate ${JSON.stringify(value)}:\n${output}`);
    const line = output.split('\n').find((candidate) => candidate.startsWith('"')) as string;
    return JSON.parse(JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts values in place of the functions that Terragrunt has and Terraform has not. */
async function replaceFunctions(value: unknown, scope: Scope): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => replaceFunctions(item, scope)));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(async ([key, item]) => [
      key,
      await replaceFunctions(item, scope),
    ]);
    return Object.fromEntries(await Promise.all(entries));
  }
  if (typeof value !== 'string' || !value.includes('${')) return value;

  let text = value;
  const reads = /read_terragrunt_config\(find_in_parent_folders\("([^"]+)"\)\)\.locals/g;
  for (const [call, name] of text.matchAll(reads)) {
    const path = findInParentFolders(scope.folder, name as string);
    text = text.replace(call, JSON.stringify(await localsOf(path, scope)));
  }
  return text
    .replace(/get_env\("([^"]+)", "([^"]*)"\)/g, (_, name, otherwise) =>
      JSON.stringify(scope.env[name] ?? otherwise),
    )
    .replace(/find_in_parent_folders\("([^"]+)"\)/g, (_, name) =>
      JSON.stringify(findInParentFolders(scope.folder, name)),
    )
    .replace(/get_terragrunt_dir\(\)/g, JSON.stringify(scope.folder))
    .replace(/path_relative_to_include\(\)/g, JSON.stringify(relative(infrastructure, scope.folder)))
    .replace(/(?<![.\w])dependency\./g, 'local.dependency.');
}

const read = new Map<string, Promise<unknown>>();

function localsOf(path: string, scope: Scope): Promise<unknown> {
  const key = JSON.stringify([path, scope.env, scope.changes]);
  const known =
    read.get(key) ??
    parseHcl(path).then((file) => {
      const changes = basename(path) === 'env.hcl' ? scope.changes : {};
      const locals = { ...unlabelled(file, 'locals'), ...changes };
      return evaluate(locals, { ...scope, locals });
    });
  read.set(key, known);
  return known;
}

function findInParentFolders(folder: string, name: string): string {
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`no ${name} in any parent folder`);
  const candidate = join(parent, name);
  return existsSync(candidate) ? candidate : findInParentFolders(parent, name);
}
