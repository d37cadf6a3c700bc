import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { installFromDebian } from '../debian.ts';
import type { ServerCommand } from './server-process.ts';

/** Makes the command that runs one Redis server with these options. */
export type RedisRunner = (server: {
  /** No other running server has it. */
  readonly name: string;
  readonly dir: string;
  readonly args: readonly string[];
}) => ServerCommand;

const run = promisify(execFile);
const image = 'redis:8';

/**
 * Finds a way to run Redis or Valkey here: one that is installed, else Docker, else, as root on Debian
 * or Ubuntu, one that is installed now.
 */
export async function findRedis(): Promise<RedisRunner> {
  const installed = (await findOnPath('redis-server')) ?? (await findOnPath('valkey-server'));
  if (installed !== undefined) return runProgram(installed);
  if (await works('docker', 'image', 'inspect', image)) return runContainer;
  if (await works('docker', 'pull', '--quiet', image)) return runContainer;
  if (installFromDebian('redis-server')) {
    const fresh = await findOnPath('redis-server');
    if (fresh !== undefined) return runProgram(fresh);
  }
  throw new Error(
    'These tests need a Redis: install redis-server or valkey-server, start Docker, or set TEST_REDIS_URL.',
  );
}

function runProgram(command: string): RedisRunner {
  return ({ args }) => ({ command, args });
}

const runContainer: RedisRunner = ({ name, dir, args }) => ({
  command: 'docker',
  args: [
    ['run', '--rm', '--name', name, '--network', 'host', '--volume', `${dir}:${dir}`],
    // Past the image's own start script, which as root would become a user that cannot write to `dir`.
    ['--user', `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`, '--entrypoint', 'redis-server'],
    [image, ...args],
  ].flat(),
  kill: (signal) => ['docker', 'kill', '--signal', signal, name],
});

async function findOnPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program);
    const runnable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return path;
  }
  return undefined;
}

async function works(command: string, ...args: string[]): Promise<boolean> {
  return run(command, args, { timeout: 300_000 }).then(
    () => true,
    () => false,
  );
}
