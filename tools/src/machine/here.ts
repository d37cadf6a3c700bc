import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Refused } from '../program.ts';
import type { Machine, Outcome } from './machine.ts';

/**
 * Runs a program of this machine to its end; without `env` it has this process's environment.
 *
 * @throws {Refused} when it is not there, or was ended by its time limit
 */
export function execute(
  program: string,
  args: readonly string[],
  { cwd, env, limitMs }: { cwd?: string; env?: NodeJS.ProcessEnv; limitMs?: number } = {},
): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(limitMs === undefined ? {} : { timeout: limitMs }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  child.on('error', (error) => reject(new Refused(`${program} cannot be run: ${error.message}`)));
  child.on('close', (code, signal) => {
    if (code === null) reject(new Refused(`${program} was ended by ${signal} before it was done.`));
    else resolve({ code, stdout, stderr });
  });
  return promise;
}

export interface HereConfig {
  /** The EKS cluster to talk to. */
  readonly cluster: string;
  readonly region: string;
  /** The environment of the programs that are run. */
  readonly env: NodeJS.ProcessEnv;
}

/** This machine, as a place from which the cluster can be reached. */
export function createHere(config: HereConfig): Machine {
  return {
    async run([program = '', ...args], { files = [], limitMs }) {
      const folder = mkdtempSync(join(tmpdir(), 'voting-run-'));
      try {
        for (const file of files) copyFileSync(file, join(folder, basename(file)));
        const env = { ...config.env, KUBECONFIG: join(folder, 'kubeconfig') };
        await enter(config, env);
        return await execute(program, args, { cwd: folder, env, limitMs });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A kubeconfig of our own: nobody's present context can send a command to another cluster. */
async function enter({ cluster, region }: HereConfig, env: NodeJS.ProcessEnv): Promise<void> {
  const args = ['eks', 'update-kubeconfig', '--name', cluster, '--region', region];
  const { code, stderr } = await execute('aws', args, { env, limitMs: 60_000 });
  if (code !== 0) throw new Refused(`There is no access to the cluster ${cluster}: ${stderr.trim()}`);
}
