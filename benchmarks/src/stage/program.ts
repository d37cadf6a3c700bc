import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../../tests/servers/free-ports.ts';

/** A program of ours that listens on a port, in a process of its own. */
export interface Program extends AsyncDisposable {
  readonly port: number;
}

/** Starts a ceiling, which says `ready` when it is. */
export async function startCeiling(file: string, env: NodeJS.ProcessEnv = {}): Promise<Program> {
  const [port] = (await freePorts(1)) as [number];
  const path = fileURLToPath(new URL(`../ceilings/${file}`, import.meta.url));
  const child = spawn(process.execPath, [path], {
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error(`${file} ended`))),
  ]);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
