import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { freePorts } from './servers/free-ports.ts';

const root = resolve(import.meta.dirname, '..');

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs one of the product's programs to its end, or that of a copy of the project in another folder. */
export function run(
  program: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  folder = root,
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { ...process.env, ...env } });
  return ended(child, collect(child));
}

export interface Product {
  readonly vote: string;
  readonly result: string;
  readonly host: string;
  readonly ops: string;
  output(): string;
  /** Sends the signal and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

/** Starts the whole product in one process, on free ports, and resolves when its pages are served. */
export async function startProduct(env: NodeJS.ProcessEnv): Promise<Product> {
  const [votePort, resultPort, hostPort, opsPort] = await freePorts(4);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'embedded/src/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      VOTE_PORT: `${votePort}`,
      RESULT_PORT: `${resultPort}`,
      HOST_PORT: `${hostPort}`,
      OPS_PORT: `${opsPort}`,
      ...env,
    },
  });
  const output = collect(child);
  const end = ended(child, output);
  const ready = Promise.withResolvers<void>();
  child.stdout?.on('data', () => {
    if (output().includes('Stop with Ctrl+C')) ready.resolve();
  });
  void end.then(({ code }) => ready.reject(new Error(`the product ended with ${code}:\n${output()}`)));
  await ready.promise;
  return {
    vote: `http://127.0.0.1:${votePort}`,
    result: `http://127.0.0.1:${resultPort}`,
    host: `http://127.0.0.1:${hostPort}`,
    ops: `http://127.0.0.1:${opsPort}`,
    output,
    end(signal) {
      child.kill(signal);
      return end;
    },
  };
}

export interface Service {
  /** Where its page is; nothing listens there for a worker. */
  readonly address: string;
  readonly ops: string;
  output(): string;
  end(signal: NodeJS.Signals): Promise<Ended>;
  /** Resolves when the process is gone, for whatever reason. */
  readonly ended: Promise<Ended>;
  pause(): void;
  resume(): void;
}

/** Starts one service by itself, without waiting for it. */
export function startService(
  name: 'vote' | 'worker' | 'result' | 'host',
  ports: { readonly port: number; readonly ops: number },
  env: NodeJS.ProcessEnv,
): Service {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', `${name}/src/main.ts`], {
    cwd: root,
    env: { ...process.env, ...env, PORT: String(ports.port), OPS_PORT: String(ports.ops) },
  });
  const output = collect(child);
  const end = ended(child, output);
  return {
    address: `http://127.0.0.1:${ports.port}`,
    ops: `http://127.0.0.1:${ports.ops}`,
    output,
    end(signal) {
      child.kill(signal);
      return end;
    },
    ended: end,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
  };
}

export async function isReady(service: Service): Promise<boolean> {
  return fetch(`${service.ops}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function collect(child: ChildProcess): () => string {
  let output = '';
  child.stdout?.on('data', (data) => {
    output += data;
  });
  child.stderr?.on('data', (data) => {
    output += data;
  });
  return () => output;
}

function ended(child: ChildProcess, output: () => string): Promise<Ended> {
  return new Promise((done) => child.once('close', (code) => done({ code, output: output() })));
}
