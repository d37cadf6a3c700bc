import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../tests/product.ts';
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
    for (const chart of ['infrastructure', 'postgresql', 'redis', 'vote-app']) {
      expect(packaged.filter((call) => call.startsWith(`helm package helm-chart/${chart} `))).toHaveLength(1);
      expect(calls).toContain(`cosign sign --yes ghcr.io/alice/voting-app/charts/${chart}@${digest}`);
    }
    expect(packaged.filter((call) => call.includes('helm-chart/workload'))).toEqual([]);
    for (const call of packaged) expect(call).toContain('--version 1.2.3 --app-version 1.2.3');
  });

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
