import { type PostgresServer, startPostgres } from '../../tests/servers/postgres.ts';
import { type RedisServer, startRedis } from '../../tests/servers/redis.ts';
import { createRedisWallClock, type WallClock } from '../../tests/servers/wall-clock.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

/** A store and what the drill can do to it. */
export interface Store<Server> {
  readonly name: 'Redis' | 'PostgreSQL';
  readonly server: Server;
  /** Where it keeps its data; undefined where no disk of its own can be had. */
  readonly disk: SmallDisk | undefined;
}

export interface Stores {
  readonly redis: Store<RedisServer>;
  /** Undefined where it cannot be set. */
  readonly redisClock: WallClock | undefined;
  readonly postgres: Store<PostgresServer>;
  /** The database that the services use. */
  readonly databaseUrl: string;
}

const diskMegabytes = 768;
/** Small segments, so that a full disk is felt at once and not only when the current one ends. */
const smallSegments = ['--wal-segsize=1'];
const littleLog = ['-c', 'min_wal_size=2MB', '-c', 'max_wal_size=32MB'];

/** @param closing is told how to end each thing that is started, at once */
export async function startStores(closing: (close: () => Promise<void>) => void): Promise<Stores> {
  async function mountDisk(): Promise<SmallDisk | undefined> {
    const disk = await mountSmallDisk(diskMegabytes);
    if (disk !== undefined) closing(() => disk.remove());
    return disk;
  }

  const redisDisk = await mountDisk();
  const redisClock = await createRedisWallClock();
  if (redisClock !== undefined) closing(() => redisClock.remove());
  const redis = await startRedis({
    ...(redisDisk && { dir: redisDisk.dir }),
    ...(redisClock && { env: redisClock.env }),
  });
  closing(() => redis.stop());
  const postgresDisk = await mountDisk();
  const postgres = await startPostgres({
    initdbArgs: smallSegments,
    args: littleLog,
    ...(postgresDisk && { dir: postgresDisk.dir }),
  });
  closing(() => postgres.stop());
  return {
    redis: { name: 'Redis', server: redis, disk: redisDisk },
    redisClock,
    postgres: { name: 'PostgreSQL', server: postgres, disk: postgresDisk },
    databaseUrl: await postgres.createDatabase(),
  };
}
