import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

/** How to run a server and how to reach it with signals, which differs for containers. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside the variables of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
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
  /** What matched when it was ready. */
  readonly said: RegExpExecArray;
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
    env: { ...process.env, ...server.env },
  });
  const ended = once(child, 'close').then(
    () => {},
    () => {},
  );
  const kill =
    server.kill ?? ((signal) => killCommand(String(child.pid), signal, server.withChildren === true));
  const reaper = startReaper(kill('SIGKILL'), server.temporaryFolder ?? '');
  ended.then(() => reaper.kill('SIGKILL'));
  let said: RegExpExecArray;
  try {
    said = await outputMatching(child, ready);
  } catch (error) {
    child.kill('SIGKILL');
    reaper.kill('SIGKILL');
    throw error;
  }
  return {
    said,
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
function outputMatching(child: ChildProcess, ready: RegExp): Promise<RegExpExecArray> {
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
  let output = '';
  const fail = (why: string) => reject(new Error(`${child.spawnfile} ${why}:\n${output}`));
  const timer = setTimeout(fail, startMs, `was not ready after ${startMs} ms`);
  const hear = (chunk: Buffer) => {
    if (output.length < 100_000) output += chunk;
    const said = ready.exec(output);
    if (said) resolve(said);
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
