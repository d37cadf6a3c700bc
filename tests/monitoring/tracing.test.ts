import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { isReady, type Service, startProduct, startService } from '../product.ts';
import { foundStreamsAt } from '../servers/founded-streams.ts';
import { freePorts } from '../servers/free-ports.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../servers/otlp-receiver.ts';
import { type PostgresServer, startPostgres } from '../servers/postgres.ts';
import { type RedisServer, startRedis } from '../servers/redis.ts';

const server = 2;
const producer = 4;
const consumer = 5;

/** Has a process say what of OpenTelemetry it loads. */
const watchingLoads = `--import=data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ resolve(specifier, context, next) {
    if (specifier.startsWith('@opentelemetry/sdk')) console.log('loads ' + specifier);
    return next(specifier, context);
  } });`)}`;

let redis: RedisServer;
let postgres: PostgresServer;
let collector: OtlpReceiver;
const running: Service[] = [];

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  await foundStreamsAt(redis.url);
}, 60_000);
beforeEach(async () => {
  collector = await startOtlpReceiver();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.end('SIGKILL')));
  collector.stop();
});
afterAll(async () => {
  await redis?.stop();
  await postgres?.stop();
});

async function start(name: 'vote' | 'worker', env: NodeJS.ProcessEnv): Promise<Service> {
  const [port, ops] = (await freePorts(2)) as [number, number];
  const stores = {
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    VOTER_SECRET: 'the voter secret of the tests',
  };
  const service = startService(name, { port, ops }, { ...stores, NODE_OPTIONS: watchingLoads, ...env });
  running.push(service);
  await vi.waitFor(async () => expect(await isReady(service), service.output()).toBe(true), {
    timeout: 20_000,
  });
  return service;
}

async function cast(address: string, vote = 'a', headers: Record<string, string> = {}): Promise<Response> {
  return fetch(address, {
    method: 'POST',
    body: new URLSearchParams({ vote }),
    headers: { accept: 'application/json', ...headers },
  });
}

function named(name: string): ReceivedSpan[] {
  return collector.spans.filter((span) => span.name === name);
}

/** One vote without a traceparent, as it lies in its entry. */
const untraced = /^\S+ a\n$/;

/** The entries that lie in the stream, as Redis has them. */
async function entries(): Promise<readonly Record<string, string>[]> {
  const client = await createClient({ url: redis.url }).connect();
  try {
    return ((await client.xRange('votes', '-', '+')) ?? []).map(({ message }) => message);
  } finally {
    client.destroy();
  }
}

/** One trace from the request to the commit, and the batch that took the vote, linked to it. */
async function expectWholeTrace(vote: string, worker: string): Promise<void> {
  await vi.waitFor(() => expect([named('commit').length, named('batch').length]).toEqual([1, 1]), {
    timeout: 10_000,
  });
  const [request] = named('POST /') as [ReceivedSpan];
  const [append] = named('append') as [ReceivedSpan];
  const [commit] = named('commit') as [ReceivedSpan];
  const [batch] = named('batch') as [ReceivedSpan];
  expect(request).toMatchObject({ service: vote, kind: server });
  expect(request.parentSpanId ?? '').toBe('');
  const { traceId } = request;
  expect(append).toMatchObject({ service: vote, kind: producer, traceId, parentSpanId: request.spanId });
  expect(commit).toMatchObject({ service: worker, kind: consumer, traceId, parentSpanId: append.spanId });
  expect(batch.traceId).not.toBe(traceId);
  expect(batch.links).toMatchObject([{ traceId, spanId: append.spanId }]);
  expect(commit.links).toMatchObject([{ traceId: batch.traceId, spanId: batch.spanId }]);
  expect(BigInt(request.startTimeUnixNano)).toBeLessThanOrEqual(BigInt(append.startTimeUnixNano));
  expect(BigInt(append.startTimeUnixNano)).toBeLessThanOrEqual(BigInt(commit.endTimeUnixNano));
  const attributes = collector.spans.flatMap((span) => span.attributes ?? []);
  expect(attributes.map(({ key }) => key).sort()).toEqual([
    'http.response.status_code',
    'messaging.batch.message_count',
  ]);
}

describe('tracing', { timeout: 60_000 }, () => {
  it('follows a vote from its POST through the queue to the commit', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const [vote] = await Promise.all([start('vote', env), start('worker', env)]);
    expect((await cast(vote.address)).status).toBe(202);
    await expectWholeTrace('vote', 'worker');
  });

  it('follows it in one process', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'voting-'));
    const product = await startProduct({ DATA_DIR: folder, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    try {
      expect((await cast(product.vote)).status).toBe(202);
      await expectWholeTrace('voting-app', 'voting-app');
    } finally {
      await product.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('marks what failed, and sends what is left when the service ends', async () => {
    const vote = await start('vote', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await redis.pause();
    try {
      expect((await cast(vote.address)).status).toBe(503);
    } finally {
      await redis.resume();
    }
    expect((await cast(vote.address, 'z')).status).toBe(400);
    expect((await vote.end('SIGTERM')).code).toBe(0);
    expect(named('append').map(({ status }) => status?.code)).toEqual([2]);
    expect(named('POST /').map(({ status }) => status?.code ?? 0)).toEqual([2, 0]);
  });

  it('records no more than the sampler says, whatever a visitor sends', async () => {
    const vote = await start('vote', {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect((await cast(vote.address, 'a', { traceparent })).status).toBe(202);
    expect((await entries()).at(-1)?.votes).toMatch(untraced);
    expect((await vote.end('SIGTERM')).code).toBe(0);
    expect(collector.spans).toEqual([]);
  });

  it('takes votes and ends in time when no collector answers, and says so', async () => {
    const [port] = await freePorts(1);
    const vote = await start('vote', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    expect((await cast(vote.address)).status).toBe(202);
    const began = performance.now();
    const { code, output } = await vote.end('SIGTERM');
    expect([code, output.includes('traces were not sent')]).toEqual([0, true]);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('is not even loaded where nobody listens', async () => {
    const vote = await start('vote', { OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    expect((await cast(vote.address)).status).toBe(202);
    // before a worker takes it away, and behind what the tests before have left
    expect((await entries()).at(-1)?.votes).toMatch(untraced);
    expect(vote.output()).not.toContain('loads @opentelemetry/');
    const worker = await start('worker', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    expect(worker.output()).toContain('loads @opentelemetry/sdk-trace');
  });
});
