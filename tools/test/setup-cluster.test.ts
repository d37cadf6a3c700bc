import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../tests/product.ts';
import { applyAuthorities } from '../src/cluster/authorities.ts';
import type { Machine } from '../src/machine/machine.ts';
import { facts } from './aws-peer.ts';
import { type Lab, openLab } from './bastion-lab.ts';
import type { FakeAnswer } from './fake-programs.ts';
import { listen } from './listen.ts';

const names = ['aws-load-balancer-controller', 'external-secrets', 'infrastructure', 'postgresql', 'redis'];

const domain = {
  zoneId: 'Z1',
  voteHost: 'vote.example.com',
  resultHost: 'result.example.com',
  hostHost: 'host.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/x',
};
const managedStores = {
  postgresqlHost: 'votes.rds.amazonaws.com',
  redisHost: 'votes.cache.amazonaws.com',
  cidrs: ['10.0.11.0/24'],
};

let folder: string;
let lab: Lab | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
});
afterEach(async () => {
  await lab?.close();
  lab = undefined;
  await rm(folder, { recursive: true });
});

async function setUp(but: readonly FakeAnswer[] = [], known: object | null = facts, environment = 'dev') {
  const helm: FakeAnswer[] = [
    ...but,
    ...[...names, 'external-dns'].flatMap((name): FakeAnswer[] => [
      { when: `pull ${name}`, makes: `${name}-1.tgz` },
      { when: `package helm-chart/${name}`, makes: `${name}-1.tgz` },
      { when: `--filter ^${name}$`, stdout: JSON.stringify([{ name, revision: '1', status: 'deployed' }]) },
    ]),
    { when: 'show crds', stdout: 'kind: CustomResourceDefinition' },
    { when: 'upgrade' },
  ];
  const kubectl = [
    { when: 'apply' },
    { when: 'get events' },
    { when: 'get namespace' },
    { when: 'create namespace' },
  ];
  const opened = await openLab(folder, { helm, kubectl }, { facts: known });
  lab = opened;
  const ended = await run('tools/src/setup-cluster.ts', ['--environment', environment], opened.env);
  const upgrades = (await opened.fakes.calls()).filter(({ args }) => args[0] === 'upgrade');
  return { ...ended, fakes: opened.fakes, upgrades: upgrades.map(({ args }) => args.join(' ')) };
}

describe('setting up a cluster', { timeout: 180_000 }, () => {
  it('installs everything in the order in which it is needed, in exact versions', async () => {
    const { code, output, upgrades, fakes } = await setUp();
    expect(code, output).toBe(0);
    expect(upgrades.map((line) => line.split(' ')[1])).toEqual(names);
    expect(upgrades[0]).toContain('--namespace kube-system ');
    for (const value of [
      'clusterName=voting-dev',
      'region=eu-central-1',
      'vpcId=vpc-0abc',
      'defaultTags.Environment=dev',
    ]) {
      expect(upgrades[0]).toContain(`--set-string ${value}`);
    }
    expect(upgrades[2]).toContain('--take-ownership');
    for (const line of upgrades) expect(line).toContain('--force-conflicts');
    expect(upgrades[2]).toContain('secrets.aws.region=eu-central-1');
    for (const line of upgrades.slice(2)) expect(line).toContain('--namespace voting-dev ');
    const pulls = (await fakes.calls()).filter(({ args }) => args[0] === 'pull');
    for (const { args } of pulls) expect(args.join(' ')).toMatch(/--version \d+\.\d+\.\d+/);
  });

  it('renews the custom resources before their controller, and makes the namespace before its chart', async () => {
    const { fakes } = await setUp();
    const calls = (await fakes.calls()).map(({ program, args }) => `${program} ${args.join(' ')}`);
    const first = (beginning: string) => calls.findIndex((line) => line.startsWith(beginning));
    expect(first('kubectl apply --server-side')).toBeGreaterThan(-1);
    expect(first('kubectl apply --server-side')).toBeLessThan(first('helm upgrade'));
    expect(first('kubectl create namespace voting-dev')).toBeGreaterThan(-1);
    expect(first('kubectl create namespace voting-dev')).toBeLessThan(first('helm upgrade infrastructure'));
    expect(calls[first('helm upgrade infrastructure')]).not.toContain('--create-namespace');
  });

  it('stops at the first release that fails', async () => {
    const { code, output, upgrades } = await setUp([
      { when: 'upgrade infrastructure', code: 1, stderr: 'Error: SecretStore is not ready' },
    ]);
    expect(code).toBe(1);
    expect(output).toContain('SecretStore is not ready');
    expect(upgrades).toHaveLength(3);
  });

  it('sends the dumps of prod where Terraform has made room for them', async () => {
    const { code, output, upgrades } = await setUp([], { ...facts, backupBucket: 'dumps-123' }, 'prod');
    expect(code, output).toBe(0);
    const postgresql = upgrades.find((line) => line.startsWith('upgrade postgresql '));
    expect(postgresql).toContain('--set-string backup.s3.bucket=dumps-123');
    expect(postgresql).toContain('--set-string backup.s3.region=eu-central-1');
  });

  it('points names to the load balancers where there is a domain', async () => {
    const { code, output, upgrades } = await setUp([], { ...facts, domain });
    expect(code, output).toBe(0);
    const externalDns = upgrades.find((line) => line.startsWith('upgrade external-dns '));
    expect(externalDns).toContain('domainFilters[0]=vote.example.com');
    expect(externalDns).toContain('domainFilters[2]=host.example.com');
    expect(externalDns).toContain('--zone-id-filter=Z1');
  });

  it.each([
    [null, 'There is no /voting-app/dev/facts. Apply the unit facts of dev.'],
    [{ ...facts, vpcId: 7 }, '/voting-app/dev/facts is not as expected'],
  ])('does not guess: facts %j', async (known, sentence) => {
    const { code, output, upgrades } = await setUp([], known);
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(upgrades).toEqual([]);
  });
});

describe('with managed stores', { timeout: 180_000 }, () => {
  it('the authorities of their certificates come instead of charts', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
    const page = await listen(createServer((_, response) => response.end(pem)));
    const runs: { command: readonly string[]; text: string }[] = [];
    const machine: Machine = {
      async run(command, { files: [file = ''] = [] }) {
        runs.push({ command, text: await readFile(file, 'utf8') });
        return { code: 0, stdout: '', stderr: '' };
      },
    };
    await applyAuthorities('voting-prod', machine, `http://${page.host}/`);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.command.join(' ')).toMatch(/^kubectl apply --server-side /);
    expect(JSON.parse(runs[0]?.text ?? '')).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'rds-ca', namespace: 'voting-prod' },
      data: { 'ca.crt': pem },
    });
    await page.close();
    await expect(applyAuthorities('voting-prod', machine, `http://${page.host}/`)).rejects.toThrow(
      'The authorities of RDS cannot be fetched',
    );
  });

  it('nothing is installed that holds votes', async () => {
    // whether the authorities can be fetched from here does not matter to what comes before them
    const { upgrades } = await setUp([], { ...facts, managedStores });
    expect(upgrades.map((line) => line.split(' ')[1])).toEqual(names.slice(0, 3));
  });
});
