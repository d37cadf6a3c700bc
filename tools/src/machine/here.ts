import { spawn } from 'node:child_process';
import { Refused } from '../program.ts';
import type { Outcome } from './machine.ts';

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
