import { freePort } from '../../tests/servers/free-ports.ts';
import { type Line, openLine } from '../../tests/servers/line.ts';
import { createWallClock, type WallClock } from '../../tests/servers/wall-clock.ts';
import { openServiceSlot, type ServiceSlot, type ServiceSlotConfig } from './service-slot.ts';
import type { Stores } from './start-stores.ts';

/** The line between a service and a store. */
export interface NamedLine extends Line {
  readonly name: string;
}

export interface Services {
  readonly services: readonly ServiceSlot[];
  readonly votes: readonly ServiceSlot[];
  readonly result: ServiceSlot;
  readonly host: ServiceSlot;
  readonly lines: readonly NamedLine[];
  /** By the name of the service or store whose clock it is. */
  readonly clocks: ReadonlyMap<string, WallClock>;
}

/** With what the hosts of the drill prove who they are. */
export const hostKey = 'the-key-of-the-hosts-of-the-drill';

const settings = {
  all: { OPTION_A: 'Tea', OPTION_B: 'Coffee', OPTION_C: 'Water', LOG_LEVEL: 'fatal' },
  vote: { VOTER_SECRET: 'the voter secret of the drill' },
  // small batches, so that many are interrupted, and workers that take over soon
  worker: { BATCH_SIZE: '500', CLAIM_IDLE_MS: '2000' },
  result: {},
  host: { HOST_KEYS: `drill:${hostKey}` },
};

/**
 * Starts two vote services, two workers, a result service and a host service, without waiting for them, each with a line
 * of its own to each store that it needs.
 *
 * @param closing is told how to end each thing that is started, at once
 */
export async function startServices(
  { redis, redisClock, postgres, databaseUrl }: Stores,
  closing: (close: () => Promise<void>) => void,
): Promise<Services> {
  const lines: NamedLine[] = [];
  const clocks = new Map<string, WallClock>(redisClock && [[redis.name, redisClock]]);

  async function lineTo(store: Stores['redis'] | Stores['postgres'], service: string): Promise<NamedLine> {
    const line = { ...(await openLine(store.server.port)), name: `${service} – ${store.name}` };
    closing(() => line.close());
    lines.push(line);
    return line;
  }

  async function toRedis(service: string) {
    return { REDIS_URL: `redis://127.0.0.1:${(await lineTo(redis, service)).port}` };
  }

  async function toPostgres(service: string) {
    const url = new URL(databaseUrl);
    url.port = String((await lineTo(postgres, service)).port);
    return { DATABASE_URL: String(url) };
  }

  async function clockOf(service: string): Promise<Readonly<Record<string, string>>> {
    const clock = await createWallClock();
    if (clock === undefined) return {};
    closing(() => clock.remove());
    clocks.set(service, clock);
    return clock.env;
  }

  async function start(
    program: ServiceSlotConfig['program'],
    name: string,
    own: Readonly<Record<string, string>>,
  ): Promise<ServiceSlot> {
    const ports = { port: await freePort(), ops: await freePort() };
    const env = { ...settings.all, ...settings[program], ...own };
    const slot = openServiceSlot({ name, program, ports, env });
    closing(() => slot.kill());
    return slot;
  }

  async function startVote(name: string): Promise<ServiceSlot> {
    return start('vote', name, { ...(await toRedis(name)), ...(await clockOf(name)) });
  }

  async function startWorker(name: string): Promise<ServiceSlot> {
    const own = { WORKER_NAME: name.replace(' ', '-') };
    const stores = { ...(await toRedis(name)), ...(await toPostgres(name)) };
    return start('worker', name, { ...own, ...stores, ...(await clockOf(name)) });
  }

  const votes = [await startVote('vote 1'), await startVote('vote 2')];
  const workers = [await startWorker('worker 1'), await startWorker('worker 2')];
  const result = await start('result', 'result', {
    ...(await toPostgres('result')),
    ...(await clockOf('result')),
  });
  const host = await start('host', 'host', {
    ...(await toRedis('host')),
    ...(await toPostgres('host')),
    ...(await clockOf('host')),
  });
  return { services: [...votes, ...workers, result, host], votes, result, host, lines, clocks };
}
