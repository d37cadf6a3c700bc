import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

/** How to run a server and how to reach it with signals, which differs for containers. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Removed if this process ends before the server does; if not, it is left to whoever made it. */
  readonly temporaryFolder?: string | undefined;
  /** Whether signals go to the server's children as well. */
  readonly withChildren?: boolean;
  /** What sends a signal to the server; by default `kill` to the process that was started. */
  readonly kill?: (signal: NodeJS.Signals) => readonly [command: string, ...args: string[]];
}

/** A running server of a test's own. It does not outlive the test, however that ends. */
export interface ServerProcess {
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
}

/** A busy machine may take long; a server that does not start says so much sooner, by ending. */
const startMs = 60_000;
const run = promisify(execFile);

/**
 * Starts a server and waits until what it writes matches `ready`.
 *
 * @throws an error that shows what the server wrote
 */
export async function startServerProcess(server: ServerCommand, ready: RegExp): Promise<ServerProcess> {
  const child = spawn(server.command, server.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').then(
    () => {},
    () => {},
  );
  const kill =
    server.kill ?? ((signal) => killCommand(String(child.pid), signal, server.withChildren === true));
  const reaper = startReaper(kill('SIGKILL'), server.temporaryFolder ?? '');
  ended.then(() => reaper.kill('SIGKILL'));
  try {
    await outputMatching(child, ready);
  } catch (error) {
    child.kill('SIGKILL');
    reaper.kill('SIGKILL');
    throw error;
  }
  return {
    ended,
    async signal(signal) {
      const [command, ...args] = kill(signal);
      await run(command, args);
    },
  };
}

/** PostgreSQL's children lead process groups of their own, so they are named one by one, as Linux lists them. */
function killCommand(pid: string, signal: NodeJS.Signals, withChildren: boolean): [string, ...string[]] {
  const children = withChildren ? ' $(cat "/proc/$2/task/$2/children")' : '';
  return ['sh', '-c', `kill -s "$1" "$2"${children}`, 'kill', signal.slice('SIG'.length), pid];
}

/** Keeps reading for as long as the server runs, or it would stop at a full pipe. */
function outputMatching(child: ChildProcess, ready: RegExp): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let output = '';
  const fail = (why: string) => reject(new Error(`${child.spawnfile} ${why}:\n${output}`));
  const timer = setTimeout(fail, startMs, `was not ready after ${startMs} ms`);
  const hear = (chunk: Buffer) => {
    if (output.length < 100_000) output += chunk;
    if (ready.test(output)) resolve();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  child.on('error', (error) => fail(error.message));
  child.on('close', () => fail('ended'));
  return promise.finally(() => clearTimeout(timer));
}

/**
 * A shell that waits for this process to end, however it does: its end of the pipe closes then. It runs
 * the command and removes the folder. Kill the shell when there is nothing left to clean up.
 */
export function startReaper(kill: readonly string[], folder: string): ChildProcess {
  const script = 'read -r _; folder=$1; shift; "$@"; [ -z "$folder" ] || rm -rf "$folder"';
  const reaper = spawn('sh', ['-c', script, 'reaper', folder, ...kill], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  reaper.unref();
  return reaper;
}

const given = new Set<number>();

/**
 * A port of 127.0.0.1 that nobody listens on. It is below those which the system gives to outgoing
 * connections, and chosen at random, so that it is still free when the server comes to use it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 17_000);
    if (!given.has(port) && (await canListen(port))) {
      given.add(port);
      return port;
    }
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
