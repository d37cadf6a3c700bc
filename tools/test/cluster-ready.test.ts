import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../tests/product.ts';
import { facts } from './aws-peer.ts';
import { openLab } from './bastion-lab.ts';
import type { FakeAnswer } from './fake-programs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
});
afterEach(() => rm(folder, { recursive: true }));

const ready: readonly FakeAnswer[] = [
  { when: 'get namespace voting-dev' },
  { when: 'get statefulset postgresql', stdout: '1/1' },
  { when: 'get statefulset redis', stdout: '1/1' },
  {
    when: 'get secret postgresql-credentials',
    stdout: 'host-password password reader-password worker-password ',
  },
  { when: 'get secret redis-credentials', stdout: 'password ' },
  { when: 'get secret voter-credentials', stdout: 'secret ' },
  { when: 'get secret host-credentials', stdout: 'keys ' },
];

async function clusterReady(
  but: readonly FakeAnswer[] = [],
  options: Parameters<typeof openLab>[2] = {},
  aws?: readonly FakeAnswer[],
) {
  const kubectl = [...but, ...ready];
  const lab = await openLab(folder, aws === undefined ? { kubectl } : { kubectl, aws }, options);
  const ended = await run('tools/src/cluster-ready.ts', ['--environment', 'dev'], lab.env);
  await lab.close();
  return ended;
}

describe('a cluster', { timeout: 180_000 }, () => {
  it('with all of it is ready', async () => {
    expect(await clusterReady()).toEqual({ code: 0, output: 'dev is ready.\n' });
  });

  it.each([
    [
      { when: 'get namespace', code: 1, stderr: 'NotFound' },
      'The namespace voting-dev cannot be read: NotFound',
    ],
    [
      { when: 'statefulset redis', code: 1, stderr: 'NotFound' },
      'The StatefulSet redis cannot be read: NotFound',
    ],
    [{ when: 'statefulset postgresql', stdout: '/1' }, 'postgresql has 0 of 1 replicas ready.'],
    [{ when: 'statefulset postgresql', stdout: '1/2' }, 'postgresql has 1 of 2 replicas ready.'],
    [{ when: 'statefulset postgresql', stdout: '' }, 'postgresql has 0 of'],
    [
      { when: 'secret voter-credentials', code: 1, stderr: 'Forbidden' },
      'The Secret voter-credentials cannot be read',
    ],
    [
      { when: 'secret postgresql-credentials', stdout: 'password ' },
      'The Secret postgresql-credentials has no key worker-password.',
    ],
    [{ when: 'secret host-credentials', stdout: 'key ' }, 'The Secret host-credentials has no key keys.'],
  ])('with %j is not', async (but, sentence) => {
    const { code, output } = await clusterReady([but]);
    expect(code).toBe(1);
    expect(output).toContain('dev is not ready; run cd-setup-cluster.');
    expect(output).toContain(sentence);
  });

  it('is told all its faults at once', async () => {
    const { output } = await clusterReady([
      { when: 'statefulset', stdout: '0/1' },
      { when: 'secret', code: 1, stderr: 'NotFound' },
    ]);
    expect(output.split('\n').filter(Boolean)).toHaveLength(7);
  });

  it('to which there is no access is not ready', async () => {
    const { code, output } = await clusterReady([], {}, [{ when: 'eks', code: 254, stderr: 'AccessDenied' }]);
    expect(code).toBe(1);
    expect(output).toContain('There is no access to the cluster voting-dev: AccessDenied');
  });

  it('with managed stores needs none of its own, but the authorities of theirs', async () => {
    const managed = {
      facts: { ...facts, managedStores: { postgresqlHost: 'a', redisHost: 'b', cidrs: ['10.0.11.0/24'] } },
    };
    const none: readonly FakeAnswer[] = [{ when: 'statefulset', code: 1, stderr: 'NotFound' }];
    const good = await clusterReady([...none, { when: 'get configmap rds-ca' }], managed);
    expect(good).toEqual({ code: 0, output: 'dev is ready.\n' });
    const bad = await clusterReady(
      [...none, { when: 'get configmap', code: 1, stderr: 'NotFound' }],
      managed,
    );
    expect(bad.code).toBe(1);
    expect(bad.output).toContain('The ConfigMap rds-ca cannot be read: NotFound');
  });
});
