import { freePort } from './free-ports.ts';
import { startServerProcess } from './server-process.ts';

export interface Exporter {
  /** Host and port, as Prometheus names a target. */
  readonly target: string;
  stop(): Promise<void>;
}

/** Tells Prometheus about a Redis. */
export function startRedisExporter(redisUrl: string): Promise<Exporter> {
  return startExporter(['prometheus-redis-exporter', `--redis.addr=${redisUrl}`], /Providing metrics/);
}

/** Tells Prometheus about a PostgreSQL. */
export function startPostgresExporter(postgresUrl: string): Promise<Exporter> {
  const source = `DATA_SOURCE_NAME=${postgresUrl}?sslmode=disable`;
  return startExporter(['env', source, 'prometheus-postgres-exporter'], /Listening on/);
}

async function startExporter([command, ...args]: [string, ...string[]], ready: RegExp): Promise<Exporter> {
  const target = `127.0.0.1:${await freePort()}`;
  const server = await startServerProcess(
    { command, args: [...args, `--web.listen-address=${target}`] },
    ready,
  );
  return {
    target,
    async stop() {
      await server.signal('SIGKILL');
      await server.ended;
    },
  };
}
