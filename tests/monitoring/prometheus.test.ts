import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { roles } from '@voting/store/postgres';
import { createClient } from 'redis';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { isReady, run, type Service, startService } from '../product.ts';
import { type Exporter, startPostgresExporter, startRedisExporter } from '../servers/exporters.ts';
import { freePorts } from '../servers/free-ports.ts';
import { type PostgresServer, startPostgres } from '../servers/postgres.ts';
import { type PrometheusServer, startPrometheus } from '../servers/prometheus.ts';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import { castVotes } from '../voters.ts';
import { whyNoPrometheus } from './installed.ts';
import { panelQueries } from './promql.ts';

const reason = whyNoPrometheus();
if (reason !== undefined) console.log(`The tests with a real Prometheus are skipped: ${reason}.`);

const folder = resolve(import.meta.dirname, '../../monitoring');
const scrapeSeconds = 1;
/** As long as Grafana makes it: four times the interval of scraping. */
const rateInterval = `${4 * scrapeSeconds}s`;

interface ScrapeConfig {
  readonly job_name: string;
}

/** The configuration of Compose, with targets that run here. */
function configFor(targets: Readonly<Record<string, string>>): string {
  const composed = parse(readFileSync(resolve(folder, 'compose/prometheus.yml'), 'utf8'));
  const jobs: string[] = composed.scrape_configs.map(({ job_name }: ScrapeConfig) => job_name);
  expect(jobs.filter((job) => targets[job] === undefined)).toEqual([]);
  return stringify({
    ...composed,
    global: { scrape_interval: `${scrapeSeconds}s`, evaluation_interval: `${scrapeSeconds}s` },
    rule_files: [resolve(folder, 'rules/*.yaml')],
    scrape_configs: Object.entries(targets).map(([job_name, target]) => ({
      job_name,
      static_configs: [{ targets: [target] }],
    })),
  });
}

/** The address as the role that the exporter has, which the charts and Compose make. */
async function readerOf(url: string): Promise<string> {
  const passwords = {
    POSTGRES_WORKER_PASSWORD: 'of the worker',
    POSTGRES_READER_PASSWORD: 'of the reader',
    POSTGRES_HOSTS_PASSWORD: 'of the hosts',
  };
  const { code, output } = await run('worker/src/migrate/main.ts', [], { DATABASE_URL: url, ...passwords });
  expect(code, output).toBe(0);
  const reader = new URL(url);
  reader.username = roles.reader;
  return String(reader);
}

/** Stands in for the exporters of a cluster and of AWS, which cannot run here. Counters grow by one a second. */
async function serveSamples(name: string): Promise<{ readonly server: Server; readonly target: string }> {
  const text = readFileSync(resolve(import.meta.dirname, `samples/${name}.prom`), 'utf8');
  const counter = /^(\w+_total\{.*\}) (\S+)$/gm;
  const server = createServer((_request, response) => {
    const grown = (_line: string, series: string, value: string) =>
      `${series} ${Number(value) + performance.now() / 1000}`;
    response.setHeader('content-type', 'text/plain').end(text.replaceAll(counter, grown));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, target: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe.skipIf(reason !== undefined)('a real Prometheus', { timeout: 60_000 }, () => {
  let redis: RedisServer;
  let postgres: PostgresServer;
  let services: Readonly<Record<'vote' | 'worker' | 'result' | 'host', Service>>;
  let exporters: readonly Exporter[];
  let samples: readonly { readonly server: Server; readonly target: string }[];
  let prometheus: PrometheusServer;
  let viewer: Socket;

  async function start(name: 'vote' | 'worker' | 'result' | 'host'): Promise<Service> {
    const [port, ops] = (await freePorts(2)) as [number, number];
    const service = startService(
      name,
      { port, ops },
      {
        REDIS_URL: redis.url,
        DATABASE_URL: postgres.url,
        VOTER_SECRET: 'the voter secret of the tests',
        HOST_KEYS: 'tests:the-host-key-of-the-tests',
      },
    );
    await vi.waitFor(async () => expect(await isReady(service), service.output()).toBe(true), {
      timeout: 20_000,
    });
    return service;
  }

  async function value(expr: string): Promise<number | undefined> {
    return (await prometheus.query(expr))[0]?.value;
  }

  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startRedis({ args: ['--maxmemory', '100mb'] }), startPostgres()]);
    const [vote, worker, result, host] = await Promise.all([
      start('vote'),
      start('worker'),
      start('result'),
      start('host'),
    ]);
    services = { vote, worker, result, host };
    exporters = await Promise.all([
      startRedisExporter(redis.url),
      startPostgresExporter(await readerOf(postgres.url)),
    ]);
    samples = await Promise.all(['kubernetes', 'load-balancer'].map(serveSamples));
    prometheus = await startPrometheus(
      configFor({
        vote: new URL(vote.ops).host,
        worker: new URL(worker.ops).host,
        result: new URL(result.ops).host,
        host: new URL(host.ops).host,
        redis: exporters[0]?.target as string,
        postgresql: exporters[1]?.target as string,
        kubernetes: samples[0]?.target as string,
        cloudwatch: samples[1]?.target as string,
      }),
    );
    viewer = io(result.address, { transports: ['websocket'] });
  }, 120_000);
  afterAll(async () => {
    viewer?.close();
    await prometheus?.stop();
    for (const { server } of samples ?? []) server.close();
    await Promise.all((exporters ?? []).map((exporter) => exporter.stop()));
    await Promise.all(Object.values(services ?? {}).map((service) => service.end('SIGKILL')));
    await redis?.stop();
    await postgres?.stop();
  });

  it('reaches every target of the Compose file, and evaluates every rule', async () => {
    await vi.waitFor(async () => expect(await value('count(up == 1)')).toBe(8), { timeout: 20_000 });
    const answer = await fetch(`${prometheus.url}/api/v1/rules`);
    const { data } = (await answer.json()) as {
      data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
    };
    const evaluated = data.groups.flatMap((group) => group.rules);
    expect(evaluated.length).toBeGreaterThan(25);
    expect(evaluated.filter(({ health }) => health === 'err')).toEqual([]);
  });

  it('sees the votes of a seed counted, as fast as they come, and none waiting', async () => {
    const { code, output } = await run('seed-data/src/main.ts', [
      '--poll',
      'on',
      '--url',
      services.vote.address,
    ]);
    expect(code, output).toBe(0);
    await vi.waitFor(
      async () => {
        expect(await value('sum(vote_votes_accepted_total)')).toBe(3_000);
        expect(await value('sum(worker_votes_counted_total)')).toBe(3_000);
        expect(await value('sum(worker_voters_added_total)')).toBe(3_000);
        // a seed's voters never load the page
        expect(await value('sum(vote_voters_new_total)')).toBe(3_000);
        expect(await value('voting:queue_pending_votes:max')).toBe(0);
      },
      { timeout: 15_000 },
    );
    expect(await value('sum(vote_http_request_duration_seconds_count{method="POST"})')).toBe(3_000);
    expect(
      await value('histogram_quantile(0.99, sum by (le) (worker_batch_age_seconds_bucket))'),
    ).toBeLessThan(5);
    expect(await value('voting:viewers:sum')).toBe(1);
    expect(await value('time() - max(worker_last_heartbeat_timestamp_seconds)')).toBeLessThan(5);
  });

  it('tells voters who loaded the page, and those who change their choice', async () => {
    const electorate = {
      voters: 100,
      votesEach: 3,
      options: ['a', 'b'],
      concurrency: 16,
      patienceMs: 10_000,
    };
    await castVotes(electorate, [services.vote.address]);
    await vi.waitFor(
      async () => {
        expect(await value('sum(worker_voters_added_total)')).toBe(3_100);
        expect(await value('sum(vote_voters_new_total)')).toBe(3_000);
        expect(await value('sum(worker_choices_changed_total)')).toBeGreaterThan(0);
      },
      { timeout: 15_000 },
    );
  });

  it('sees votes refused by their code, and a dead letter by its reason', async () => {
    const cast = () =>
      fetch(services.vote.address, { method: 'POST', body: new URLSearchParams({ vote: 'z' }) });
    expect((await cast()).status).toBe(400);
    const client = await createClient({ url: redis.url }).connect();
    await client.xAdd('votes', '*', { poll: 'main', voter: 'v1', option: 'none' });
    client.destroy();
    await vi.waitFor(
      async () => {
        expect(await value('sum(vote_votes_rejected_total{code="option_unknown"})')).toBe(1);
        expect(await value('sum(worker_dead_letters_total{reason="unknown option"})')).toBe(1);
      },
      { timeout: 15_000 },
    );
  });

  it('has data for every query of every panel', async () => {
    // so that there is something under way while the panels are looked at
    const visiting = setInterval(() => {
      for (const { address } of [services.result, services.host]) fetch(address).catch(() => {});
    }, 500);
    const voting = run('seed-data/src/main.ts', [
      '--poll',
      'on',
      '--url',
      services.vote.address,
      '--votes',
      'a=600,b=300',
      '--rate',
      '60',
    ]);
    expect(panelQueries.length).toBeGreaterThan(50);
    try {
      for (const { dashboard, panel, expr } of panelQueries) {
        const query = expr.replaceAll('$__rate_interval', rateInterval);
        await vi.waitFor(
          async () => {
            const found = (await prometheus.query(query)).filter((sample) => Number.isFinite(sample.value));
            expect(found, `${dashboard}, ${panel}: ${query}`).not.toEqual([]);
          },
          { timeout: 10_000, interval: 500 },
        );
      }
    } finally {
      clearInterval(visiting);
    }
    expect((await voting).code).toBe(0);
  });
});
