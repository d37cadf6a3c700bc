import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { charts, helm, images } from './render.ts';

const folder = mkdtempSync(join(tmpdir(), 'voting-charts-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(charts)('the chart %s', (chart) => {
  const given = [
    ...(chart === 'vote-app' ? images() : []),
    // made anew by each render otherwise
    ...(chart === 'infrastructure' ? ['--set', 'secrets.source=existing'] : []),
  ];

  it('has nothing that helm lint would mention', async () => {
    const { code, stdout } = await helm('lint', '--strict', `helm-chart/${chart}`, ...given);
    expect(code, stdout).toBe(0);
  });

  it('makes the same from a package, which has the library in it', async () => {
    const packed = await helm('package', `helm-chart/${chart}`, '--destination', folder);
    expect(packed.code, packed.stderr).toBe(0);
    const [fromFolder, fromPackage] = await Promise.all(
      [`helm-chart/${chart}`, join(folder, `${chart}-0.1.0.tgz`)].map((source) =>
        helm('template', chart, source, ...given),
      ),
    );
    expect(fromPackage?.stderr).toBe('');
    expect(fromPackage?.stdout).toBe(fromFolder?.stdout);
    expect(fromPackage?.stdout).toContain('kind: ');
  });
});
