import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis } from './find-redis.ts';
import { freePort } from './free-ports.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/**
 * Whether tests have Redis servers of their own, which they may kill and pause. With TEST_REDIS_URL
 * they all use that one server, which is left running and keeps what they wrote.
 */
export const ownRedis = process.env.TEST_REDIS_URL === undefined;

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends the server and removes its folder, unless the folder was given. */
  stop(): Promise<void>;
  /** Ends it like a power cut of the machine it runs on, as far as a process can. */
  kill(): Promise<void>;
  /** The server stops in its tracks: it still accepts connections and answers nothing. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Starts it again on the same port and folder, after ending it if it still runs. */
  restart(): Promise<void>;
}

export interface RedisServerOptions {
  readonly port?: number;
  /** More of the server's own options, for example ['--maxmemory', '4mb']. */
  readonly args?: readonly string[];
  /** Where it keeps its data; by default a new folder that goes when the server does. */
  readonly dir?: string;
  /** More variables for its process; only where it runs on this machine. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a Redis server as the product needs it: nothing is acknowledged before it is on disk. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  if (!ownRedis) return externalRedis(process.env.TEST_REDIS_URL as string);
  const redis = await findRedis();
  const port = options.port ?? (await freePort());
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'voting-redis-')));
  const args = [
    ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--save', ''],
    ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'],
    options.args ?? [],
  ].flat();
  const temporaryFolder = options.dir === undefined ? dir : undefined;

  function start(): Promise<ServerProcess> {
    const command = redis({ name: `voting-redis-${randomUUID()}`, dir, args, env: options.env });
    return startServerProcess({ ...command, temporaryFolder }, /Ready to accept connections/);
  }

  async function removeFolder(): Promise<void> {
    if (temporaryFolder !== undefined) await rm(temporaryFolder, { recursive: true, force: true });
  }

  async function end(): Promise<void> {
    // SIGTERM would wait for a paused server for ever.
    await server.signal('SIGKILL').catch(() => {});
    await server.ended;
  }

  let server = await start().catch(async (error: unknown) => {
    await removeFolder();
    throw error;
  });

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async stop() {
      await end();
      await removeFolder();
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

function externalRedis(url: string): RedisServer {
  const refuse = () =>
    Promise.reject(new Error('The server of TEST_REDIS_URL is not ours to kill or pause.'));
  return {
    url,
    port: Number(new URL(url).port || 6379),
    stop: async () => {},
    kill: refuse,
    pause: refuse,
    resume: refuse,
    restart: refuse,
  };
}
