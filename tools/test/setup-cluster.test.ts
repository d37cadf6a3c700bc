import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../tests/product.ts';
import { createFakes, type FakeAnswer, type Fakes } from './fake-programs.ts';

const names = ['aws-load-balancer-controller', 'external-secrets', 'infrastructure', 'postgresql', 'redis'];

let folder: string;
let fakes: Fakes;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function setUp(but: readonly FakeAnswer[] = [], vpc = 'vpc-0abc\n') {
  const helm: FakeAnswer[] = [
    ...but,
    ...names.flatMap((name): FakeAnswer[] => [
      { when: `pull ${name}`, makes: `${name}-1.tgz` },
      { when: `package helm-chart/${name}`, makes: `${name}-1.tgz` },
      { when: `--filter ^${name}$`, stdout: JSON.stringify([{ name, revision: '1', status: 'deployed' }]) },
    ]),
    { when: 'show crds', stdout: 'kind: CustomResourceDefinition' },
    { when: 'upgrade' },
  ];
  fakes = await createFakes(folder, {
    helm,
    kubectl: [{ when: 'apply' }, { when: 'get events' }],
    aws: [{ when: 'update-kubeconfig' }, { when: 'describe-cluster', stdout: vpc }],
  });
  const env = { PATH: `${fakes.folder}:${process.env.PATH}`, AWS_REGION: 'eu-central-1' };
  const ended = await run('tools/src/setup-cluster.ts', ['--environment', 'dev'], env);
  const upgrades = (await fakes.calls()).filter(({ args }) => args[0] === 'upgrade');
  return { ...ended, upgrades: upgrades.map(({ args }) => args.join(' ')) };
}

describe('setting up a cluster', { timeout: 60_000 }, () => {
  it('installs everything in the order in which it is needed, in exact versions', async () => {
    const { code, output, upgrades } = await setUp();
    expect(code, output).toBe(0);
    expect(upgrades.map((line) => line.split(' ')[1])).toEqual(names);
    expect(upgrades[0]).toContain('--namespace kube-system ');
    for (const value of ['clusterName=voting-dev', 'region=eu-central-1', 'vpcId=vpc-0abc']) {
      expect(upgrades[0]).toContain(`--set-string ${value}`);
    }
    expect(upgrades[2]).toContain('--take-ownership');
    expect(upgrades[2]).toContain('secrets.aws.region=eu-central-1');
    for (const line of upgrades.slice(2)) expect(line).toContain('--namespace voting-dev ');
    const pulls = (await fakes.calls()).filter(({ args }) => args[0] === 'pull');
    for (const { args } of pulls) expect(args.join(' ')).toMatch(/--version \d+\.\d+\.\d+/);
  });

  it('renews the custom resources before their controller', async () => {
    await setUp();
    const calls = (await fakes.calls()).map(({ program, args }) => `${program} ${args.join(' ')}`);
    const applied = calls.findIndex((line) => line.startsWith('kubectl apply --server-side'));
    expect(applied).toBeGreaterThan(-1);
    expect(applied).toBeLessThan(calls.findIndex((line) => line.startsWith('helm upgrade')));
  });

  it('stops at the first release that fails', async () => {
    const { code, output, upgrades } = await setUp([
      { when: 'upgrade infrastructure', code: 1, stderr: 'Error: SecretStore is not ready' },
    ]);
    expect(code).toBe(1);
    expect(output).toContain('SecretStore is not ready');
    expect(upgrades).toHaveLength(3);
  });

  it('does not guess the network', async () => {
    const { code, output, upgrades } = await setUp([], 'None\n');
    expect(code).toBe(1);
    expect(output).toContain('The VPC of voting-dev cannot be found');
    expect(upgrades).toEqual([]);
  });
});
