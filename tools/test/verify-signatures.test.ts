import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../tests/product.ts';
import { signers } from '../src/images/signatures.ts';
import { createFakes, type FakeAnswer, type Fakes } from './fake-programs.ts';

const digest = `sha256:${'d'.repeat(64)}`;

let folder: string;
let fakes: Fakes;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function verify(cosign: readonly FakeAnswer[], repository = 'alice/voting-app') {
  fakes = await createFakes(folder, { cosign });
  const images = ['vote', 'worker'].map((service) => ({
    service,
    repository: `alice/${service}`,
    tag: 'sha-1234567',
    digest,
  }));
  await writeFile(join(folder, 'images.json'), JSON.stringify(images));
  const flags = ['--images', join(folder, 'images.json'), '--repository', repository];
  return run('tools/src/verify-signatures.ts', flags, { PATH: `${fakes.folder}:${process.env.PATH}` });
}

describe('images', () => {
  it('are verified by digest, for the workflows of this repository only', async () => {
    expect((await verify([{ when: 'verify' }])).code).toBe(0);
    const calls = await fakes.calls();
    expect(calls.map(({ args }) => args.at(-1))).toEqual([`alice/vote@${digest}`, `alice/worker@${digest}`]);
    for (const { args } of calls) {
      expect(args[args.indexOf('--certificate-oidc-issuer') + 1]).toBe(
        'https://token.actions.githubusercontent.com',
      );
      expect(args[args.indexOf('--certificate-identity-regexp') + 1]).toBe(signers('alice/voting-app'));
    }
  });

  it('without a signature are refused, and named', async () => {
    const { code, output } = await verify([
      { when: 'alice/worker', code: 1, stderr: 'no signatures found' },
      { when: 'verify' },
    ]);
    expect(code).toBe(1);
    expect(output).toBe('worker (sha-1234567) has no valid signature: no signatures found\n');
  });
});

describe('a signer', () => {
  const workflows = 'https://github.com/alice/voting-app/.github/workflows';
  it.each([
    [`${workflows}/ci-build-images.yaml@refs/heads/main`, true],
    [`${workflows}/release.yaml@refs/tags/v1.2.3`, true],
    [`${workflows}/ci-build-images.yaml@refs/heads/feature`, false],
    [`${workflows}/ci-test.yaml@refs/heads/main`, false],
    [`${workflows}/release.yaml@refs/heads/main`, false],
    ['https://github.com/alice/voting-app-evil/.github/workflows/release.yaml@refs/tags/v1.2.3', false],
    ['https://github.com/mallory/voting-app/.github/workflows/ci-build-images.yaml@refs/heads/main', false],
  ])('%s: %s', (identity, ours) => {
    expect(new RegExp(signers('alice/voting-app')).test(identity)).toBe(ours);
  });
});
