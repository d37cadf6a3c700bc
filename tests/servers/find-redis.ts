import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { installFromDebian } from '../debian.ts';
import { onPath } from '../on-path.ts';
import type { ServerCommand } from './server-process.ts';

/** Makes the command that runs one Redis server with these options. */
export type RedisRunner = (server: {
  /** No other running server has it. */
  readonly name: string;
  readonly dir: string;
  readonly args: readonly string[];
  /** Has no effect in a container. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}) => ServerCommand;

const run = promisify(execFile);
const image = 'redis:8';

/**
 * Finds a way to run Redis or Valkey here: one that is installed, else Docker, else, as root on Debian
 * or Ubuntu, one that is installed now.
 *
 * @throws an error that says what to install
 */
export async function findRedis(): Promise<RedisRunner> {
  const found = (await redisHere()) ?? (installFromDebian('redis-server') ? installed() : undefined);
  if (found !== undefined) return found;
  throw new Error(
    'These tests need a Redis: install redis-server or valkey-server, start Docker, or set TEST_REDIS_URL.',
  );
}

/** A way without installing anything, if there is one. */
export async function redisHere(): Promise<RedisRunner | undefined> {
  const program = installed();
  if (program !== undefined) return program;
  if (await works('docker', 'image', 'inspect', image)) return runContainer;
  return (await works('docker', 'pull', '--quiet', image)) ? runContainer : undefined;
}

function installed(): RedisRunner | undefined {
  const program = onPath('redis-server') ?? onPath('valkey-server');
  return program === undefined ? undefined : runProgram(program);
}

/** Whether servers are processes of this machine, with an environment that can be chosen. */
export function redisRunsHere(): boolean {
  return installed() !== undefined;
}

function runProgram(command: string): RedisRunner {
  return ({ args, env }) => ({ command, args, env });
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

async function works(command: string, ...args: string[]): Promise<boolean> {
  return run(command, args, { timeout: 300_000 }).then(
    () => true,
    () => false,
  );
}
