import { createRedisQueue, parseRedisUrl, redisDefaults } from '@voting/queue/redis';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isReady, type Service, startService } from '../../tests/product.ts';
import { freePorts } from '../../tests/servers/free-ports.ts';
import { type Line, openLine } from '../../tests/servers/line.ts';
import { type PostgresServer, startPostgres } from '../../tests/servers/postgres.ts';
import { ownRedis, type RedisServer, startRedis } from '../../tests/servers/redis.ts';

const lose = { kind: 'lose' } as const;
let redis: RedisServer;
let postgres: PostgresServer;
let line: Line;
let worker: Service | undefined;

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  line = await openLine(postgres.port);
}, 120_000);
afterEach(async () => {
  line.heal();
  await worker?.end('SIGKILL');
  worker = undefined;
});
afterAll(async () => {
  await line?.close();
  await redis?.stop();
  await postgres?.stop();
});

async function start(env: NodeJS.ProcessEnv = {}): Promise<Service> {
  const [port, ops] = (await freePorts(2)) as [number, number];
  const url = new URL(postgres.url);
  url.port = String(line.port);
  worker = startService('worker', { port, ops }, { REDIS_URL: redis.url, DATABASE_URL: String(url), ...env });
  return worker;
}

async function ready(service: Service): Promise<void> {
  await vi.waitFor(async () => expect(await isReady(service), service.output()).toBe(true), {
    timeout: 30_000,
  });
}

describe('a worker that is told to stop', () => {
  it('ends in order and in time while PostgreSQL is half-open, with votes in hand', {
    timeout: 90_000,
  }, async () => {
    const service = await start();
    await ready(service);
    const queue = createRedisQueue({ ...redisDefaults, ...parseRedisUrl(redis.url) }, () => {});
    try {
      // each connection swallows everything from now on, and new ones too
      line.become({ toServer: lose, toClient: lose });
      await queue.append({ poll: 'main', voter: 'v1', option: 'a' });
      await vi.waitFor(async () => expect(await isReady(service)).toBe(false), { timeout: 30_000 });
      // status 1 is what the deadline of 15 s makes of it
      expect((await service.end('SIGTERM')).code).toBe(0);
    } finally {
      await queue.close();
    }
  });
});

describe.runIf(ownRedis)('a worker before a Redis that may lose votes', () => {
  const production = { NODE_ENV: 'production' };

  async function setting(name: string, value: string): Promise<void> {
    const client = await createClient({ url: redis.url }).connect();
    await client.configSet(name, value);
    client.destroy();
  }

  async function metric(service: Service): Promise<string> {
    const text = await (await fetch(`${service.ops}/metrics`)).text();
    return /^worker_queue_durable (\S+)$/m.exec(text)?.[1] ?? '';
  }

  it('starts in production when it sees that nothing is lost', { timeout: 60_000 }, async () => {
    const service = await start(production);
    await ready(service);
    expect(await metric(service)).toBe('1');
  });

  it.each([
    ['appendonly', 'no', 'yes'],
    ['appendfsync', 'everysec', 'always'],
    ['maxmemory-policy', 'allkeys-lru', 'noeviction'],
  ])(
    'does not start in production with %s %s, and says so',
    { timeout: 60_000 },
    async (name, wrong, right) => {
      await setting(name, wrong);
      try {
        const { code, output } = await (await start(production)).ended;
        expect(output).toContain(`${name} is ${wrong}, not ${right}`);
        expect(output).toContain('REDIS_DURABILITY=trusted');
        expect(code).toBe(1);
      } finally {
        await setting(name, right);
      }
    },
  );

  it('starts all the same when somebody vouches for it, or elsewhere, and shows it', {
    timeout: 90_000,
  }, async () => {
    await setting('appendfsync', 'no');
    try {
      for (const env of [{ ...production, REDIS_DURABILITY: 'trusted' }, {}]) {
        const service = await start(env);
        await ready(service);
        await vi.waitFor(async () => expect(await metric(service)).toBe('0'), { timeout: 10_000 });
        expect(service.output()).toContain('appendfsync is no, not always');
        await service.end('SIGKILL');
      }
    } finally {
      await setting('appendfsync', 'always');
    }
  });

  it('takes what INFO shows where it may not ask for settings', { timeout: 60_000 }, async () => {
    const client = await createClient({ url: redis.url }).connect();
    await client.sendCommand(['ACL', 'SETUSER', 'managed', 'on', '>its own', '~*', '+@all', '-config']);
    client.destroy();
    const url = `redis://managed:its%20own@127.0.0.1:${redis.port}`;
    const { code, output } = await (await start({ ...production, REDIS_URL: url })).ended;
    expect(output).toContain('acknowledged: appendfsync cannot be seen, not always.');
    expect(code).toBe(1);
  });
});
