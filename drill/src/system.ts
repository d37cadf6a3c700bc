import { type Line, openLine } from '../../tests/servers/line.ts';
import { type PostgresServer, startPostgres } from '../../tests/servers/postgres.ts';
import { type RedisServer, startRedis } from '../../tests/servers/redis.ts';
import { freePort } from '../../tests/servers/server-process.ts';
import { openServiceSlot, type ServiceSlot } from './service-slot.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { createWallClock, type WallClock } from './wall-clock.ts';

/** A store and what the drill can do to it. */
export interface Store<Server> {
  readonly name: 'Redis' | 'PostgreSQL';
  readonly server: Server;
  /** Where it keeps its data; undefined where no disk of its own can be had. */
  readonly disk: SmallDisk | undefined;
}

/** The line between a service and a store. */
export interface NamedLine extends Line {
  readonly name: string;
}

/** Everything that runs: two vote services, two workers, a result service, their stores and the lines between. */
export interface System {
  readonly services: readonly ServiceSlot[];
  readonly votes: readonly ServiceSlot[];
  readonly result: ServiceSlot;
  readonly redis: Store<RedisServer>;
  readonly postgres: Store<PostgresServer>;
  /** The database that the services use, reached past the lines. */
  readonly databaseUrl: string;
  readonly lines: readonly NamedLine[];
  /** By the name of the service. */
  readonly clocks: ReadonlyMap<string, WallClock>;
  close(): Promise<void>;
}

export const options = ['a', 'b', 'c'] as const;

const diskMegabytes = 768;
const settings = {
  all: { OPTION_A: 'Tea', OPTION_B: 'Coffee', OPTION_C: 'Water', LOG_LEVEL: 'fatal' },
  vote: { VOTER_SECRET: 'the voter secret of the drill' },
  // small batches, so that many are interrupted, and workers that take over soon
  worker: { BATCH_SIZE: '500', CLAIM_IDLE_MS: '2000' },
  result: {},
};
/** Small segments, so that a full disk is felt at once and not only when the current one ends. */
const smallSegments = ['--wal-segsize=1'];
const littleLog = ['-c', 'min_wal_size=2MB', '-c', 'max_wal_size=32MB'];

/** Starts the stores, then the services, without waiting for those. */
export async function startSystem(): Promise<System> {
  const opened: (() => Promise<void>)[] = [];

  async function close(): Promise<void> {
    for (let step = opened.pop(); step !== undefined; step = opened.pop()) await step();
  }

  async function diskFor(): Promise<SmallDisk | undefined> {
    const disk = await mountSmallDisk(diskMegabytes);
    if (disk !== undefined) opened.push(() => disk.remove());
    return disk;
  }

  async function startStores() {
    const redisDisk = await diskFor();
    const redis = await startRedis(redisDisk && { dir: redisDisk.dir });
    opened.push(() => redis.stop());
    const postgresDisk = await diskFor();
    const postgres = await startPostgres({
      initdbArgs: smallSegments,
      args: littleLog,
      ...(postgresDisk && { dir: postgresDisk.dir }),
    });
    opened.push(() => postgres.stop());
    return {
      redis: { name: 'Redis', server: redis, disk: redisDisk } as const,
      postgres: { name: 'PostgreSQL', server: postgres, disk: postgresDisk } as const,
    };
  }

  async function lineBetween(service: string, { name, server }: Store<RedisServer | PostgresServer>) {
    const line = await openLine(server.port);
    opened.push(() => line.close());
    return { ...line, name: `${service} – ${name}` };
  }

  async function startServices({ redis, postgres }: Pick<System, 'redis' | 'postgres'>, databaseUrl: string) {
    const lines: NamedLine[] = [];
    const clocks = new Map<string, WallClock>();

    async function start(
      program: 'vote' | 'worker' | 'result',
      name: string,
      stores: readonly Store<RedisServer | PostgresServer>[],
    ) {
      const env: Record<string, string> = { ...settings.all, ...settings[program] };
      for (const store of stores) {
        const line = await lineBetween(name, store);
        lines.push(line);
        if (store.name === 'Redis') env.REDIS_URL = `redis://127.0.0.1:${line.port}`;
        else env.DATABASE_URL = through(line, databaseUrl);
      }
      if (program === 'worker') env.WORKER_NAME = name.replace(' ', '-');
      if (program === 'vote') Object.assign(env, await clockFor(name));
      const ports = { port: await freePort(), ops: await freePort() };
      const slot = openServiceSlot({ name, program, ports, env });
      opened.push(() => slot.kill());
      return slot;
    }

    async function clockFor(name: string): Promise<Readonly<Record<string, string>>> {
      const clock = await createWallClock();
      if (clock === undefined) return {};
      opened.push(() => clock.remove());
      clocks.set(name, clock);
      return clock.env;
    }

    const votes = [await start('vote', 'vote 1', [redis]), await start('vote', 'vote 2', [redis])];
    const workers = [
      await start('worker', 'worker 1', [redis, postgres]),
      await start('worker', 'worker 2', [redis, postgres]),
    ];
    const result = await start('result', 'result', [postgres]);
    return { services: [...votes, ...workers, result], votes, result, lines, clocks };
  }

  try {
    const stores = await startStores();
    const databaseUrl = await stores.postgres.server.createDatabase();
    return { ...stores, databaseUrl, ...(await startServices(stores, databaseUrl)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function through({ port }: Line, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.port = String(port);
  return String(url);
}
