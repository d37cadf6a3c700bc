import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

declare module 'vitest' {
  interface ProvidedContext {
    /** Empty where Terraform and the AWS provider are at hand. */
    whyNoTerraform: string;
  }
}

const root = resolve(import.meta.dirname, '../..');
export const infrastructure = join(root, 'terraform-infrastructure');
export const moduleNames = readdirSync(join(infrastructure, 'modules')).sort();

/** What Terraform fetched, in folders by its address, version and machine. */
export const providers = join(root, 'node_modules/.cache/terraform');
const largestOutput = 64 * 1024 * 1024;

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs terraform in a folder and resolves however it ends. */
export function terraform(
  folder: string,
  args: readonly string[],
  { env = {}, input = '' }: { readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(
      'terraform',
      args,
      {
        cwd: folder,
        maxBuffer: largestOutput,
        timeout: 1_200_000,
        env: {
          ...process.env,
          TF_IN_AUTOMATION: '1',
          TF_INPUT: '0',
          TF_CLI_ARGS: args[0] === 'fmt' || args[0] === 'console' ? '' : '-no-color',
          CHECKPOINT_DISABLE: '1',
          ...env,
        },
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        done({ code, output: stdout + stderr });
      },
    );
    child.stdin?.end(input);
  });
}

/** @throws an error with what terraform wrote, when it fails */
export async function terraformOrThrow(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { code, output } = await terraform(folder, args, { env });
  if (code !== 0) throw new Error(`terraform ${args.join(' ')} in ${folder} ended with ${code}:\n${output}`);
  return output;
}

/** Makes a folder ready to plan, from the providers that were fetched before. */
export async function init(folder: string, ...args: readonly string[]): Promise<void> {
  await terraformOrThrow(folder, ['init', `-plugin-dir=${providers}`, ...args]);
}

/**
 * Fetches the AWS provider, once, before any test: Terraform does not let several fetch at a time.
 *
 * @returns why Terraform cannot be tested here, or nothing
 */
export async function prepareTerraform(): Promise<string> {
  const { code } = await terraform(root, ['version']);
  if (code !== 0) return 'terraform is not on this machine';
  mkdirSync(providers, { recursive: true });
  const modules = copyModules();
  try {
    const args = ['init', '-backend=false'];
    const fetched = await terraform(join(modules, 'vpc'), args, { env: { TF_PLUGIN_CACHE_DIR: providers } });
    return fetched.code === 0
      ? ''
      : 'the AWS provider can be had neither from the registry nor by TF_CLI_CONFIG_FILE';
  } finally {
    rmSync(modules, { recursive: true, force: true });
  }
}

/** A copy of all modules, side by side, that Terraform may write into. */
export function copyModules(): string {
  const copy = mkdtempSync(join(tmpdir(), 'voting-terraform-'));
  cpSync(join(infrastructure, 'modules'), copy, {
    recursive: true,
    filter: (path) => !path.includes('.terraform'),
  });
  return copy;
}

export function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value, undefined, 2));
}
