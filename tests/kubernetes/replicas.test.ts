import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type KubernetesObject, one } from './objects.ts';
import { images, renderChart } from './render.ts';

const namespace = 'voting-prod';
const autoscaled = ['vote', 'result'].flatMap((name) => ['--set', `${name}.autoscaling.enabled=true`]);

/** As much of a Kubernetes API as Helm needs to render a chart: the kinds in it, and the Deployments that run. */
function startCluster(
  rendered: readonly KubernetesObject[],
  replicas: Readonly<Record<string, number>>,
): Server {
  const versions = Map.groupBy(rendered, ({ apiVersion }) => apiVersion);
  const groups = [...versions.keys()].filter((groupVersion) => groupVersion.includes('/'));
  const answers: Record<string, unknown> = {
    '/version': { gitVersion: 'v1.36.0' },
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': {
      kind: 'APIGroupList',
      groups: groups.map((groupVersion) => {
        const [name, version] = groupVersion.split('/');
        return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
      }),
    },
  };
  for (const [groupVersion, objects] of versions) {
    const resources = [...new Set(objects.map(({ kind }) => kind))].map((kind) => {
      const name = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies');
      return { name, kind, namespaced: true, verbs: ['get'] };
    });
    const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
    answers[path] = { kind: 'APIResourceList', groupVersion, resources };
  }
  for (const [name, count] of Object.entries(replicas)) {
    const ofTheRelease = {
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        'meta.helm.sh/release-name': 'vote-app',
        'meta.helm.sh/release-namespace': namespace,
      },
    };
    answers[`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`] = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, ...ofTheRelease },
      spec: { replicas: count },
    };
  }
  return createServer((request, response) => {
    const answer = answers[new URL(String(request.url), 'http://cluster').pathname];
    response
      .writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer ?? { kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 }));
  }).listen(0, '127.0.0.1');
}

describe('what an autoscaler scales', () => {
  let cluster: Server | undefined;
  afterEach(() => cluster?.close());

  async function replicasIn(running: Readonly<Record<string, number>>, ...values: string[]) {
    const settings = [...images(), ...values];
    cluster = startCluster(await renderChart('vote-app', namespace, ...settings), running);
    await once(cluster, 'listening');
    const { port } = cluster.address() as AddressInfo;
    const objects = await renderChart(
      'vote-app',
      namespace,
      ...['--dry-run=server', '--disable-openapi-validation', `--kube-apiserver=http://127.0.0.1:${port}`],
      ...settings,
    );
    return ['vote', 'result', 'worker', 'host'].map(
      (name) => one(objects, 'Deployment', name).spec?.replicas,
    );
  }

  it('begins with the least that there may be, so that an installation waits for all of them', async () => {
    expect(await replicasIn({}, ...autoscaled)).toEqual([2, 2, 1, 1]);
  });

  it('stays as it is in an upgrade, also in the one that switches the autoscaler on', async () => {
    const running = { vote: 7, result: 3, worker: 4, host: 2 };
    expect(await replicasIn(running, ...autoscaled, '--set', 'worker.keda.enabled=true')).toEqual([
      7, 3, 4, 1,
    ]);
  });

  it('begins again when it was stopped, which an autoscaler leaves as it is', async () => {
    expect(await replicasIn({ vote: 0, result: 0, worker: 1 }, ...autoscaled)).toEqual([2, 2, 1, 1]);
  });

  it('is what the release says when nothing scales it', async () => {
    expect(await replicasIn({ vote: 7 }, '--set', 'vote.replicas=3')).toEqual([3, 1, 1, 1]);
  });
});
