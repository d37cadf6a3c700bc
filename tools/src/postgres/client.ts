import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { Refused } from '../program.ts';

/** How to run PostgreSQL's own programs. */
export interface PostgresClient {
  /** What comes before them, for example `docker compose exec -T db`. */
  readonly prefix: readonly string[];
  /** Parameters of libpq, all but the password. */
  readonly connection: Readonly<Record<string, string>>;
  /** What they are started with; holds the password, which other users of the machine could see elsewhere. */
  readonly environment: NodeJS.ProcessEnv;
}

export interface Run {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /**
   * Resolves when the program has ended well.
   *
   * @throws {Refused} with what the program complained of
   */
  readonly ended: Promise<void>;
}

export function runClient(
  { prefix, connection, environment }: PostgresClient,
  program: 'pg_dump' | 'psql',
  args: readonly string[],
): Run {
  const [command = program, ...words] = [
    ...prefix,
    program,
    `--dbname=${connectionText(connection)}`,
    ...args,
  ];
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(command, words, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment,
  });
  // when the program ends early, its exit status says more than the broken pipe
  child.stdin.on('error', () => {});
  let complaints = '';
  child.stderr.on('data', (data) => {
    complaints += data;
  });
  return { stdin: child.stdin, stdout: child.stdout, ended: end() };

  async function end(): Promise<void> {
    try {
      const [code] = await once(child, 'close');
      if (code === 0) return;
    } catch (error) {
      throw new Refused(`${command} could not be run (${(error as Error).message}). ${advice}`);
    }
    if (complaints.includes('version mismatch')) throw new Refused(`${complaints.trim()}\n${advice}`);
    const [, sentence] = /ERROR: {2}(.+)/.exec(complaints) ?? [];
    throw new Refused(sentence ?? `${command} failed: ${complaints.trim()}`);
  }
}

const advice = `pg_dump and psql must be at least as new as the server (18). Use those beside it with --via, for example --via 'docker compose exec -T db'.`;

/** Connection parameters as one text, each value quoted. */
function connectionText(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}='${value.replaceAll(/['\\]/g, '\\$&')}'`)
    .join(' ');
}
