import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { docker } from '../compose/docker.ts';

const root = resolve(import.meta.dirname, '../..');
const execute = promisify(execFile);

export interface MachineConfig {
  readonly debian: 'stable' | 'testing';
  /** The major version of npm, or Debian's own. */
  readonly npm: 'own' | 10 | 11 | 12;
  readonly user: 'root' | 'voter';
}

/** A Debian that has its own Node.js, npm, this repository as somebody would clone it, and nothing else. */
export interface Machine {
  /** Runs a line of shell in the clone as the machine's user, or as root. */
  run(line: string, as?: 'root'): Promise<{ readonly code: number; readonly output: string }>;
  /** The same without waiting for its end. */
  begin(line: string): Promise<void>;
  remove(): Promise<void>;
}

export async function createMachine(config: MachineConfig): Promise<Machine> {
  const image = await buildImage(config);
  const container = `${image.replace(':', '-')}-${config.user}`;
  const home = config.user === 'root' ? '/root' : `/home/${config.user}`;
  const clone = `${home}/voting-app`;
  await docker('rm', '--force', container);
  // a browser wants more shared memory than a container has by itself
  const how = ['--detach', '--init', '--shm-size=1g', '--name', container];
  await succeed(docker('run', ...how, image, 'sleep', 'infinity'));

  const exec = (options: readonly string[], line: string) =>
    docker('exec', ...options, container, 'bash', '-c', line);
  const here = ['--user', config.user, '--workdir', clone, '--env', `HOME=${home}`];

  const copy = await mkdtemp(join(tmpdir(), 'voting-machine-'));
  await execute('git', ['clone', '--quiet', root, join(copy, 'voting-app')]);
  await succeed(docker('cp', '--quiet', join(copy, 'voting-app'), `${container}:${home}`));
  await succeed(exec([], `chown -R ${config.user}: ${clone}`));
  await rm(copy, { recursive: true });

  return {
    run: (line, as) => exec(as === 'root' ? ['--workdir', clone] : here, line),
    async begin(line) {
      await succeed(exec(['--detach', ...here], line));
    },
    async remove() {
      await docker('rm', '--force', '--volumes', container);
    },
  };
}

/** Debian's own Node.js, and the npm that is asked for. */
async function buildImage({ debian, npm }: MachineConfig): Promise<string> {
  const image = `voting-app-machine:${debian}-npm-${npm}`;
  const folder = await mkdtemp(join(tmpdir(), 'voting-machine-'));
  await writeFile(
    join(folder, 'Dockerfile'),
    [
      `FROM debian:${debian}-slim`,
      'RUN useradd --create-home voter',
      'RUN apt-get update -qq && apt-get install -y --no-install-recommends nodejs npm',
      npm === 'own' ? '' : `RUN npm install --global npm@${npm}`,
    ].join('\n'),
  );
  await succeed(docker('build', '--quiet', '--tag', image, folder));
  await rm(folder, { recursive: true });
  return image;
}

async function succeed(done: ReturnType<typeof docker>): Promise<void> {
  const { code, output } = await done;
  if (code !== 0) throw new Error(output);
}
