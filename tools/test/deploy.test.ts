import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../tests/product.ts';
import { type AwsPeer, facts } from './aws-peer.ts';
import { openLab } from './bastion-lab.ts';
import type { FakeAnswer, Fakes } from './fake-programs.ts';

const digest = `sha256:${'d'.repeat(64)}`;
const images = ['vote', 'result', 'worker', 'host', 'seed'].map((service) => ({
  service,
  repository: `alice/${service}`,
  tag: 'sha-1234567',
  digest,
}));
const running = (of: string) =>
  ['vote', 'result', 'worker', 'host'].map((service) => `${service} alice/${service}@${of}\n`).join('');
const listed = (revision: number, status: string) =>
  JSON.stringify([{ name: 'vote-app', revision: String(revision), status }]);

const packaging: FakeAnswer = { when: 'package helm-chart/vote-app', makes: 'vote-app-0.1.0.tgz' };
const good: readonly FakeAnswer[] = [
  packaging,
  { when: 'list', stdout: listed(3, 'deployed') },
  { when: 'list', stdout: listed(4, 'deployed') },
  { when: 'upgrade' },
];
const warnings = '1m  vote-abc  Failed  Failed to pull image "alice/vote": not found';

let folder: string;
let fakes: Fakes;
let aws: AwsPeer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
  await writeFile(join(folder, 'images.json'), JSON.stringify(images));
});
afterEach(async () => {
  await aws?.close();
  aws = undefined;
  await rm(folder, { recursive: true });
});

async function deploy(
  environment: 'dev' | 'prod',
  helm: readonly FakeAnswer[],
  {
    flags = [],
    env = {},
    runs = digest,
    known = facts,
  }: { flags?: readonly string[]; env?: NodeJS.ProcessEnv; runs?: string; known?: object } = {},
) {
  const kubectl = [
    { when: 'get deployments', stdout: running(runs) },
    { when: 'get events', stdout: warnings },
  ];
  const lab = await openLab(folder, { helm, kubectl }, { facts: known });
  ({ fakes, aws } = lab);
  const args = ['--environment', environment, '--images', join(folder, 'images.json'), ...flags];
  const summary = join(folder, 'summary');
  const ended = await run('tools/src/deploy.ts', args, { ...lab.env, GITHUB_STEP_SUMMARY: summary, ...env });
  return { ...ended, summary: await readFile(summary, 'utf8').catch(() => '') };
}

async function upgradeCall() {
  const calls = (await fakes.calls()).filter(({ args }) => args[0] === 'upgrade');
  expect(calls).toHaveLength(1);
  return calls[0];
}

describe.each(['dev', 'prod'] as const)('a deployment to %s', { timeout: 180_000 }, (environment) => {
  it('gives Helm the packaged chart and every image by digest, and says the revision', async () => {
    const { code, output, summary } = await deploy(environment, good);
    expect(code, output).toBe(0);
    const call = await upgradeCall();
    const line = call?.args.join(' ') ?? '';
    expect(line).toMatch(/^upgrade vote-app vote-app-0\.1\.0\.tgz --install /);
    expect(line).toContain(`--namespace voting-${environment} `);
    expect(line).toContain(`--values values-${environment}.yaml --values deployment.yaml `);
    for (const flag of ['--rollback-on-failure', '--wait', '--timeout 600s']) expect(line).toContain(flag);
    expect(call?.files['vote-app-0.1.0.tgz']).toBe('content of vote-app-0.1.0.tgz');
    const values = JSON.parse(call?.files['deployment.yaml'] ?? '');
    for (const { service, repository, tag } of images) {
      expect(values[service]).toEqual({ image: { repository, tag, digest } });
    }
    expect(call?.kubeconfig).toMatch(/\/kubeconfig$/);
    expect(summary).toContain(`Revision 4 of vote-app is deployed to voting-${environment}.`);
  });

  it('that Helm rolled back is a failure, with the reasons', async () => {
    const { code, output, summary } = await deploy(environment, [
      packaging,
      { when: 'list', stdout: listed(3, 'deployed') },
      { when: 'list', stdout: listed(5, 'deployed') },
      {
        when: 'upgrade',
        code: 1,
        stderr: 'Error: resource Deployment/vote not ready: context deadline exceeded',
      },
    ]);
    expect(code).toBe(1);
    expect(output).toContain('Helm rolled back to what revision 3 was (now revision 5, deployed).');
    expect(output).toContain('context deadline exceeded');
    expect(output).toContain(warnings);
    expect(summary).not.toContain('deployed to');
  });

  it('that another run has left half done is not begun', async () => {
    const { code, output } = await deploy(environment, [
      packaging,
      { when: 'list', stdout: listed(4, 'pending-upgrade') },
    ]);
    expect(code).toBe(1);
    expect(output).toContain('vote-app is pending-upgrade at revision 4: an earlier run was cut off.');
    expect((await fakes.calls()).filter(({ args }) => args[0] === 'upgrade')).toEqual([]);
  });

  it('of which nothing is left says so', async () => {
    const { code, output } = await deploy(environment, [
      packaging,
      { when: 'list', stdout: '[]' },
      { when: 'upgrade', code: 1, stderr: 'Error: release vote-app failed' },
    ]);
    expect(code).toBe(1);
    expect(output).toContain('Nothing of it is left.');
  });
});

describe('a deployment', { timeout: 180_000 }, () => {
  it.each(['dev', 'prod'] as const)(
    'to %s goes through its bastion, so that any runner will do',
    async (name) => {
      await deploy(name, good);
      // on the runner Helm only packages; the rest came through SSM
      expect(aws?.sent).toHaveLength(4);
      expect(aws?.filters).toContainEqual({ Key: 'tag:Name', Values: [`voting-${name}-bastion`] });
      const buckets = [...(aws?.objects.keys() ?? [])].map((key) => key.split('/')[1]);
      expect(new Set(buckets)).toEqual(new Set([`voting-app-${name}-artifacts-123456789012`]));
    },
  );

  it('follows what Terraform made: managed stores, hosts and certificate', async () => {
    const known = {
      ...facts,
      managedStores: { postgresqlHost: 'a.rds', redisHost: 'b.cache', cidrs: ['10.0.11.0/24'] },
      domain: {
        zoneId: 'Z1',
        voteHost: 'v.example.com',
        resultHost: 'r.example.com',
        hostHost: 'h.example.com',
        certificateArn: 'arn:aws:acm:x',
      },
    };
    await deploy('dev', good, { known });
    const values = JSON.parse((await upgradeCall())?.files['deployment.yaml'] ?? '');
    expect(values).toMatchObject({
      redis: { host: 'b.cache', tls: true, externalCidrs: ['10.0.11.0/24'] },
      postgresql: {
        host: 'a.rds',
        sslmode: 'verify-full',
        caConfigMap: 'rds-ca',
        externalCidrs: ['10.0.11.0/24'],
      },
      ingress: {
        voteHost: 'v.example.com',
        resultHost: 'r.example.com',
        hostHost: 'h.example.com',
        alb: { https: true, certificateArn: 'arn:aws:acm:x' },
      },
    });
  });

  it('gives SSM longer than Helm may take with its rollback', async () => {
    await deploy('prod', good, { flags: ['--timeout', '15m'] });
    expect((await upgradeCall())?.args.join(' ')).toContain('--timeout 900s');
    const longest = Math.max(
      ...(aws?.sent ?? []).map(({ executionTimeoutSeconds }) => executionTimeoutSeconds),
    );
    expect(longest).toBeGreaterThan(2 * 900);
  });

  it('whose Deployments run something else is a failure', async () => {
    const other = `sha256:${'e'.repeat(64)}`;
    const { code, output } = await deploy('dev', good, { runs: other });
    expect(code).toBe(1);
    expect(output).toContain(`worker runs alice/worker@${other} instead of alice/worker@${digest}`);
  });

  it('takes what only the account knows from the environment', async () => {
    const arn = 'arn:aws:acm:eu-central-1:123456789012:certificate/x';
    await deploy('prod', good, {
      env: {
        VOTE_HOST: 'vote.example.com',
        RESULT_HOST: '',
        HOST_HOST: 'host.example.com',
        CERTIFICATE_ARN: arn,
      },
    });
    const { ingress } = JSON.parse((await upgradeCall())?.files['deployment.yaml'] ?? '');
    expect(ingress).toEqual({
      voteHost: 'vote.example.com',
      hostHost: 'host.example.com',
      alb: { https: true, certificateArn: arn },
    });
  });

  it.each([
    [['--environment', 'staging', '--images', 'x'], 2, '--environment is needed: dev or prod.'],
    [['--environment', 'dev'], 2, '--images is needed.'],
    [['--environment', 'dev', '--images', 'nowhere.json'], 1, 'nowhere.json cannot be read'],
    [['--environment', 'dev', '--images', 'package.json'], 1, 'is not a list of images with digests'],
  ])('with %j ends with status %i', async (args, status, sentence) => {
    const { code, output } = await run('tools/src/deploy.ts', args, { AWS_REGION: 'eu-central-1' });
    expect(code).toBe(status);
    expect(output).toContain(sentence);
  });
});
