import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { isReady, run, type Service, startService } from '../../tests/product.ts';
import { freePorts } from '../../tests/servers/free-ports.ts';
import { type PostgresServer, startPostgres } from '../../tests/servers/postgres.ts';
import { type RedisServer, startRedis } from '../../tests/servers/redis.ts';

let redis: RedisServer;
let postgres: PostgresServer;
const services: Partial<Record<'vote' | 'worker' | 'result' | 'host', Service>> = {};

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  const env = {
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    VOTER_SECRET: 'the voter secret of the tests',
    HOST_KEYS: 'tests:a-key-that-only-the-tests-have',
  };
  for (const name of ['vote', 'worker', 'result', 'host'] as const) {
    const [port, ops] = (await freePorts(2)) as [number, number];
    services[name] = startService(name, { port, ops }, env);
  }
  // vote takes votes, and is ready, only once a worker has founded the stream
  for (const service of Object.values(services)) {
    await vi.waitFor(async () => expect(await isReady(service)).toBe(true), { timeout: 60_000 });
  }
}, 120_000);
afterAll(async () => {
  await Promise.all(Object.values(services).map((service) => service.end('SIGKILL')));
  await redis?.stop();
  await postgres?.stop();
});

const smoke = () =>
  run(
    'tools/src/smoke.ts',
    [
      ['--vote', String(services.vote?.address), '--result', String(services.result?.address)],
      ['--host', String(services.host?.address), '--patience', '10s'],
    ].flat(),
  );

it('a product of several processes passes, and fails once its worker stands still', {
  timeout: 60_000,
}, async () => {
  const working = await smoke();
  expect(working.code, working.output).toBe(0);

  services.worker?.pause();
  const stopped = await smoke();
  services.worker?.resume();
  expect(stopped.code).toBe(1);
  // which of the two depends on how soon the result service notices
  expect(stopped.output).toMatch(/(the vote is counted|the results are live): not within 10 s/);
});
