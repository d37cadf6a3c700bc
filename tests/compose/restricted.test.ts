import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Results } from '@voting/result';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fetchClientTools } from '../kubernetes/client-tools.ts';
import { containerOf, type PodTemplate, podTemplates } from '../kubernetes/objects.ts';
import { renderChart, renderCharts } from '../kubernetes/render.ts';
import { freePorts } from '../servers/free-ports.ts';
import { docker, whyNoEngine } from './docker.ts';
import { createPods } from './pod.ts';
import { castSteadily } from './rolling.ts';

const reason = whyNoEngine();
if (reason !== undefined) console.log(`The pods of the charts are not run: ${reason}.`);

const prefix = 'voting-app-restricted';
const tag = 'sha-0000000';
const images = ['vote', 'result', 'worker', 'host', 'seed'];
// each takes 6 to 15 seconds on two cores; REPLACEMENTS=20 makes twenty
const restarts = Number(process.env.REPLACEMENTS ?? 5);
const inOrder = [
  'StatefulSet/redis',
  'StatefulSet/postgresql',
  'Deployment/vote',
  'Deployment/worker',
  'Deployment/result',
  'Deployment/host',
];

describe.skipIf(reason !== undefined)('the pods of the charts for production', { timeout: 300_000 }, () => {
  let pods: ReturnType<typeof createPods>;
  let templates: PodTemplate[];
  let result: string;
  /** Of the pods vote-0, vote-1 and so on, one after the other. */
  let votePages: string[];
  const template = (owner: string) => templates.find((pod) => pod.owner === owner) as PodTemplate;

  async function votes(): Promise<Record<string, number>> {
    const { options } = (await (await fetch(`${result}/api/results`)).json()) as Results;
    return Object.fromEntries(options.map(({ id, votes: count }) => [id, Number(count)]));
  }

  async function sql(statement: string): Promise<string> {
    return (await pods.exec('postgresql', 'psql', '-U', 'postgres', '-Atc', statement)).output.trim();
  }

  async function becomesReady(owner: string, name = owner.split('/')[1] as string): Promise<void> {
    const pod = template(owner);
    const { startupProbe, readinessProbe, livenessProbe } = containerOf(pod);
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      await vi.waitFor(
        async () => {
          const { output } = await docker('logs', '--tail', '20', pods.container(name));
          expect(await pods.passes(probe, pod, name), `${name}: ${output}`).toBe(true);
        },
        { timeout: 90_000, interval: 500 },
      );
    }
  }

  beforeAll(async () => {
    fetchClientTools();
    const [ops, http, ...votePorts] = (await freePorts(2 + restarts + 1)) as [number, number, ...number[]];
    votePages = votePorts.map((port) => `http://127.0.0.1:${port}/`);
    result = `http://127.0.0.1:${http}`;
    const repositories = images.flatMap((name) => ['--set', `${name}.image.repository=${prefix}/${name}`]);
    const objects = await renderCharts('prod', '--set', 'seed.enabled=true', ...repositories);
    templates = podTemplates(objects);
    const secret = () => randomBytes(30).toString('base64');
    pods = createPods({
      prefix,
      objects,
      secrets: {
        'redis-credentials password': secret(),
        'postgresql-credentials password': secret(),
        'postgresql-credentials worker-password': secret(),
        'postgresql-credentials reader-password': secret(),
        'postgresql-credentials host-password': secret(),
        'voter-credentials secret': secret(),
        'host-credentials keys': `host:${secret()}`,
      },
      published: {
        'result http': http,
        'result ops': ops,
        ...Object.fromEntries(votePorts.map((port, n) => [`vote-${n} http`, port])),
      },
    });
    await pods.remove();
    for (const name of images) {
      const { code, output } = await docker(
        'build',
        '--target',
        name,
        '--tag',
        `${prefix}/${name}:${tag}`,
        '.',
      );
      expect(code, output).toBe(0);
    }
    await docker('network', 'create', prefix);
    for (const owner of inOrder) await pods.start(template(owner), owner.split('/')[1] as string);
    for (const owner of inOrder) await becomesReady(owner);
  }, 600_000);

  afterAll(async () => {
    await pods?.remove();
    await docker('image', 'rm', '--force', ...images.map((name) => `${prefix}/${name}:${tag}`));
  }, 120_000);

  it('pass the test that helm test runs', async () => {
    const { code, output } = await pods.run(template('Pod/smoke-test'), 'smoke-test');
    expect(output).toContain('A vote was cast and counted: 0 votes before, 1 after.');
    expect(code).toBe(0);
  });

  it('count what the seed Job casts', async () => {
    const { code, output } = await pods.run(template('Job/seed-1'), 'seed');
    expect(code, output).toBe(0);
    await vi.waitFor(async () => expect(await votes()).toEqual({ a: 2_001, b: 1_000 }), {
      timeout: 60_000,
      interval: 500,
    });
  });

  it('keep votes and queue when both stores are killed and made anew', async () => {
    for (const name of ['redis', 'postgresql']) {
      await docker('rm', '--force', pods.container(name));
      await pods.start(template(`StatefulSet/${name}`), name);
    }
    for (const owner of inOrder) await becomesReady(owner);
    expect(await sql('SELECT count(*) FROM votes')).toBe('3001');
    expect((await pods.exec('redis', 'redis-cli', 'xinfo', 'groups', 'votes')).output).toContain('tally');
    const { code, output } = await pods.run(template('Pod/smoke-test'), 'smoke-test');
    expect(code, output).toBe(0);
    expect(await votes()).toEqual({ a: 2_002, b: 1_000 });
  });

  // a container takes six seconds to be replaced on two slow cores, and more while other tests build images
  it(`answer every vote while the vote service is replaced ${restarts} times`, {
    timeout: 600_000,
  }, async () => {
    const before = await votes();
    const pod = template('Deployment/vote');
    let endpoint = 0;
    let casting: ReturnType<typeof castSteadily> | undefined;
    const stopped: Promise<void>[] = [];
    for (let next = 0; next <= restarts; next++) {
      await pods.start(pod, `vote-${next}`);
      await becomesReady('Deployment/vote', `vote-${next}`);
      endpoint = next;
      casting ??= castSteadily(250, () => votePages[endpoint] as string);
      if (next > 0) stopped.push(stop(`vote-${next - 1}`));
    }
    const { accepted, failed } = await (casting as ReturnType<typeof castSteadily>).stop();
    await Promise.all(stopped);
    expect(failed).toEqual([]);
    expect(accepted).toBeGreaterThan(restarts * 100);
    await vi.waitFor(async () => expect((await votes()).a).toBe(Number(before.a) + accepted), {
      timeout: 60_000,
      interval: 500,
    });
    console.log(`${restarts} replacements: ${accepted} votes, all answered and counted`);

    /** As the kubelet does when new connections go elsewhere already. */
    async function stop(name: string): Promise<void> {
      // the chart's pause before SIGTERM is longer, for load balancers; connections that are kept do not notice it
      await pause(500);
      const { output } = await docker('stop', '--time', '30', pods.container(name));
      const { output: code } = await docker('inspect', '-f', '{{.State.ExitCode}}', pods.container(name));
      expect(code.trim(), output).toBe('0');
      await docker('rm', pods.container(name));
    }
  });

  it('dump the database, keep the newest dumps, and a dump brings everything back', async () => {
    const claim = ['--set', 'backup.enabled=true', '--set', 'backup.claim=dumps'];
    const [backup] = podTemplates(await renderChart('postgresql', 'voting-prod', ...claim)).filter(
      ({ owner }) => owner === 'CronJob/postgresql-backup',
    ) as [PodTemplate];
    const older = Array.from({ length: 8 }, (_, day) => `/backups/2020-01-0${day + 1}T00-00-00Z.dump`);
    const inside = (command: string): PodTemplate => ({
      ...backup,
      spec: { ...backup.spec, containers: [{ ...containerOf(backup), command: ['sh', '-euc', command] }] },
    });
    await pods.run(inside(`touch ${older.join(' ')} /backups/broken.partial`), 'backup');
    const { code, output } = await pods.run(backup, 'backup');
    expect(code, output).toBe(0);
    const left = (await pods.run(inside('ls /backups'), 'backup')).output.trim().split('\n');
    expect(left.length).toBe(7);
    expect(left.filter((name) => name.startsWith('2020')).length).toBe(6);
    // as docs/DEPLOYMENT_GUIDE.md has it
    const restore =
      'ls /backups; pg_restore --clean --if-exists --dbname=postgres $(ls /backups/*.dump | tail -1)';
    await docker('rm', '--force', pods.container('worker'));
    const all = await sql('SELECT vote, count(id) FROM votes GROUP BY vote ORDER BY vote');
    await sql("DELETE FROM votes WHERE vote = 'a'");
    const restored = await pods.run(inside(restore), 'backup');
    expect(restored.code, restored.output).toBe(0);
    // a new pod, as when a Deployment is scaled to none and back
    await pods.start(template('Deployment/worker'), 'worker');
    for (const owner of ['Deployment/worker', 'Deployment/result', 'Deployment/host'])
      await becomesReady(owner);
    expect(await sql('SELECT vote, count(id) FROM votes GROUP BY vote ORDER BY vote')).toBe(all);
  });

  it('have roles in PostgreSQL that may do what they need', async () => {
    expect(
      await sql(
        // host has no connection while nobody asks it for anything
        "SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'voting-app' AND usename <> 'voting_host' ORDER BY usename",
      ),
    ).toBe('voting_reader\nvoting_worker');
    expect(await sql("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")).toBe(
      'voting_migrator',
    );
  });

  it('let the stores be asked with the password only', async () => {
    const without = await pods.exec('redis', 'env', '-u', 'REDISCLI_AUTH', 'redis-cli', 'ping');
    expect(without.output).toContain('NOAUTH');
    const wrong = await pods.exec(
      'postgresql',
      'psql',
      'postgres://postgres:wrong@postgresql/postgres',
      '-c',
      'SELECT 1',
    );
    expect(wrong.output).toContain('password authentication failed');
  });

  it('are what the charts say: no capability, no way to gain any, nothing to write on', async () => {
    for (const owner of inOrder) {
      const name = owner.split('/')[1] as string;
      const format =
        '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.Config.User}}';
      const { output } = await docker('inspect', '-f', format, pods.container(name));
      const user = ['redis', 'postgresql'].includes(name) ? '999:999' : '1000:1000';
      expect(output.trim(), name).toBe(`true [ALL] [no-new-privileges] ${user}`);
    }
  });
});
