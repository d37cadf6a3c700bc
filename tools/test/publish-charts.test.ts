import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { helm } from '../../tests/kubernetes/render.ts';
import { run } from '../../tests/product.ts';
import { stampedCopy } from '../src/cluster/stamped-chart.ts';
import { createFakes, type FakeAnswer, type Fakes } from './fake-programs.ts';

const digest = `sha256:${'d'.repeat(64)}`;
let folder: string;
let fakes: Fakes;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function publish(push: Omit<FakeAnswer, 'when'>) {
  const helm = [
    { when: 'package', stdout: 'Successfully packaged chart and saved it to: charts/x-1.2.3.tgz\n' },
    { when: 'push', ...push },
  ];
  fakes = await createFakes(folder, { helm, cosign: [{ when: 'sign' }] });
  const flags = [
    '--version',
    '1.2.3',
    '--images',
    'docker.io/alice',
    '--to',
    'ghcr.io/Alice/voting-app/charts',
    '--out',
    join(folder, 'charts'),
  ];
  return run('tools/src/publish-charts.ts', flags, { PATH: `${fakes.folder}:${process.env.PATH}` });
}

describe('publishing', { timeout: 60_000 }, () => {
  it('packages every chart but the library in the one version, and signs what was pushed', async () => {
    const { code, output } = await publish({ stderr: `Pushed: x\nDigest: ${digest}\n` });
    expect(code, output).toBe(0);
    const calls = (await fakes.calls()).map(({ program, args }) => `${program} ${args.join(' ')}`);
    const packaged = calls.filter((call) => call.startsWith('helm package'));
    for (const chart of ['infrastructure', 'postgresql', 'redis', 'vote-app', 'voting-app']) {
      expect(packaged.filter((call) => call.includes(`/${chart} --version `))).toHaveLength(1);
      expect(calls).toContain(`cosign sign --yes ghcr.io/alice/voting-app/charts/${chart}@${digest}`);
    }
    expect(packaged.filter((call) => call.includes('/workload '))).toEqual([]);
    for (const call of packaged) expect(call).toContain('--version 1.2.3 --app-version 1.2.3');
  });

  it.each(['vote-app', 'voting-app'])(
    'makes a package of %s that runs the images of its version',
    async (chart) => {
      const copy = await stampedCopy(`helm-chart/${chart}`, {
        version: '1.2.3-rc.1',
        images: 'docker.io/alice',
      });
      const versions = ['--version', '1.2.3-rc.1', '--app-version', '1.2.3-rc.1'];
      await helm('package', copy, ...versions, '--destination', folder);
      const rendered = await helm('template', chart, join(folder, `${chart}-1.2.3-rc.1.tgz`));
      expect(rendered.stderr).toBe('');
      const ours = new Set(rendered.stdout.match(/(?<=image: )docker\.io\S+/g));
      expect([...ours].sort()).toEqual(
        ['host', 'result', 'vote', 'worker'].map((name) => `docker.io/alice/${name}:1.2.3-rc.1`),
      );
    },
  );

  it.each([
    [{ code: 1, stderr: 'denied' }, 'helm push charts/x-1.2.3.tgz: denied'],
    [{ stdout: 'Pushed' }, 'helm push does not say the digest'],
  ])('ends at a push with %j', async (push, sentence) => {
    const { code, output } = await publish(push);
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect((await fakes.calls()).filter(({ program }) => program === 'cosign')).toEqual([]);
  });
});
