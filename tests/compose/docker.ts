import { execFile, execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const execute = promisify(execFile);
const largestOutput = 64 * 1024 * 1024;

/** Why the Compose tests cannot run here, or undefined when they can. */
export function whyNoEngine(): string | undefined {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 20_000 });
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore', timeout: 20_000 });
    return undefined;
  } catch {
    return 'no Docker engine with Compose v2 answers here';
  }
}

export interface Done {
  readonly code: number;
  readonly output: string;
}

/** Runs docker and resolves however it ends. */
export async function docker(...args: string[]): Promise<Done> {
  try {
    const { stdout, stderr } = await execute('docker', args, { cwd: root, maxBuffer: largestOutput });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : 1, output: `${stdout ?? ''}${stderr ?? ''}` };
  }
}

/** A Compose project of the tests' own, beside whatever else runs on this engine. */
export function createProject(name: string, env: Readonly<Record<string, string>>) {
  Object.assign(process.env, env);
  const compose = (...args: string[]) => docker('compose', '--project-name', name, ...args);
  return {
    compose,
    container: (service: string, number = 1) => `${name}-${service}-${number}`,
    network: (network: string) => `${name}_${network}`,
    /** Ends the main process of a service as a crash does: Docker takes `docker kill` for a wish of its user. */
    async crash(service: string, number = 1): Promise<void> {
      const { output } = await docker('inspect', '-f', '{{.State.Pid}}', `${name}-${service}-${number}`);
      const killer = ['run', '--rm', '--user=0', '--pid=host', '--entrypoint', 'node', 'node:24-trixie-slim'];
      const killed = await docker(...killer, '-e', `process.kill(${Number(output)}, 'SIGKILL')`);
      if (killed.code !== 0) throw new Error(`could not kill ${service}: ${killed.output}`);
    },
    /** Removes everything of the project; also what `run` started and nobody waits for any more. */
    async down(): Promise<void> {
      const label = `label=com.docker.compose.project=${name}`;
      const { output } = await docker('ps', '--all', '--quiet', '--filter', label);
      const containers = output.split('\n').filter(Boolean);
      if (containers.length > 0) await docker('rm', '--force', ...containers);
      await compose('--profile', 'seed', 'down', '--volumes', '--remove-orphans');
    },
  };
}
