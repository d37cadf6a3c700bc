import { globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { readTracingSettings } from '@voting/tracing';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { environmentOf } from '../kubernetes/environment.ts';
import { connects, type Endpoint } from '../kubernetes/network-policy.ts';
import { all, type KubernetesObject, podTemplates } from '../kubernetes/objects.ts';
import { restrictedFaults } from '../kubernetes/pod-security.ts';
import { helm, renderCharts, root } from '../kubernetes/render.ts';

const namespace = 'voting-dev';
const operator = ['--api-versions', 'monitoring.coreos.com/v1'];

async function render(...args: readonly string[]): Promise<KubernetesObject[]> {
  const { code, stdout, stderr } = await helm(
    'template',
    'monitoring',
    'monitoring',
    '-n',
    namespace,
    ...args,
  );
  if (code !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

interface ServiceMonitor extends KubernetesObject {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly endpoints: readonly { readonly port: string }[];
  };
}

function ofOperator(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return objects.filter(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'));
}

function ofKind<Kind>(objects: readonly KubernetesObject[], kind: string): (KubernetesObject & Kind)[] {
  return objects.filter((object) => object.kind === kind) as (KubernetesObject & Kind)[];
}

let app: KubernetesObject[];
let monitoring: KubernetesObject[];

beforeAll(async () => {
  [app, monitoring] = await Promise.all([renderCharts('dev'), render(...operator)]);
}, 120_000);

describe('the monitoring chart', () => {
  it('has Prometheus ask a port that a Service of this name has', () => {
    const services = all([...app, ...monitoring], 'Service');
    const monitors = ofKind<ServiceMonitor>(monitoring, 'ServiceMonitor');
    const names = ['vote', 'result', 'worker', 'host', 'redis-exporter', 'postgresql-exporter'];
    expect(monitors.map(({ metadata }) => metadata.name).sort()).toEqual(names.sort());
    for (const { metadata, spec } of monitors) {
      const selected = services.filter(({ metadata: { labels = {} } }) =>
        Object.entries(spec.selector.matchLabels).every(([name, value]) => labels[name] === value),
      );
      expect(selected.map((service) => service.metadata.name)).toEqual([metadata.name]);
      const ports = selected[0]?.spec?.ports?.map(({ name }) => name);
      expect(ports, metadata.name).toEqual(expect.arrayContaining(spec.endpoints.map(({ port }) => port)));
    }
  });

  it('hands on every file of rules and every dashboard as it is', () => {
    const rules = ofKind<{ spec: unknown }>(monitoring, 'PrometheusRule');
    const files = globSync('monitoring/rules/*.yaml', { cwd: root });
    expect(rules.length).toBe(files.length);
    for (const file of files) {
      const rule = rules.find(({ metadata }) => metadata.name === `voting-${basename(file, '.yaml')}`);
      expect(rule?.spec).toEqual(parse(readFileSync(resolve(root, file), 'utf8')));
    }
    const maps = ofKind<IConfigMap>(monitoring, 'ConfigMap');
    const dashboards = globSync('monitoring/dashboards/*.json', { cwd: root });
    expect(maps.length).toBe(dashboards.length);
    for (const { metadata, data = {} } of maps) {
      expect(metadata.labels?.grafana_dashboard).toBe('1');
      for (const [name, text] of Object.entries(data)) {
        expect(text).toBe(readFileSync(resolve(root, 'monitoring/dashboards', name), 'utf8'));
      }
    }
  });

  it('installs without the operator, and leaves out what only the operator knows', async () => {
    expect(ofOperator(monitoring).length).toBeGreaterThan(5);
    for (const args of [[], [...operator, '--set', 'prometheusOperator.enabled=false']]) {
      const without = await render(...args);
      expect(ofOperator(without)).toEqual([]);
      expect(without.length).toBe(monitoring.length - ofOperator(monitoring).length);
    }
  });

  it('leaves an exporter out, and what leads to it, when its store is somebody else’s', async () => {
    const text = JSON.stringify(await render(...operator, '--set', 'exporters.redis.enabled=false'));
    expect(text).not.toContain('redis-exporter');
    expect(text).toContain('postgresql-exporter');
  });

  it('refuses a value that nobody reads, and an image by the tag latest', async () => {
    await expect(render('--set', 'exporter.redis.enabled=false')).rejects.toThrow('exporter');
    await expect(render('--set', 'exporters.redis.image.tag=latest')).rejects.toThrow('latest');
  });

  it('makes objects that the published schemas allow', async () => {
    for (const object of monitoring) {
      const source =
        ofOperator([object]).length > 0 ? '@kubernetes-models/prometheus-operator/' : 'kubernetes-models/';
      const { [object.kind]: Model } = await import(`${source}${object.apiVersion}/${object.kind}`);
      expect(() => new Model(object).validate(), `${object.kind}/${object.metadata.name}`).not.toThrow();
    }
  });

  it('makes pods of the restricted profile', () => {
    const pods = podTemplates(monitoring);
    expect(pods.length).toBe(2);
    for (const { owner, spec } of pods) expect(restrictedFaults(spec), owner).toEqual([]);
  });
});

describe('with the policies of all charts', () => {
  const pod = (name: string, where = namespace): Endpoint => ({
    address: '10.0.11.7',
    namespace: where,
    labels: { 'app.kubernetes.io/name': name },
  });
  const prometheus = pod('prometheus', 'monitoring');

  function reaches(from: Endpoint, to: Endpoint, number: number, objects = [...app, ...monitoring]): boolean {
    const policies = { namespace, objects: all(objects, 'NetworkPolicy') };
    return connects(policies, from, to, { protocol: 'TCP', number });
  }

  it.each([
    ['redis', 6379, 9121],
    ['postgresql', 5432, 9187],
  ])('Prometheus reaches the exporter of %s, which reaches its store', (store, storePort, port) => {
    const exporter = pod(`${store}-exporter`);
    expect(reaches(exporter, pod(store), storePort)).toBe(true);
    expect(reaches(exporter, pod(store), storePort, app)).toBe(false);
    expect(reaches(prometheus, exporter, port)).toBe(true);
    for (const stranger of [pod('vote'), pod('prometheus'), pod('grafana', 'monitoring')]) {
      expect(reaches(stranger, exporter, port)).toBe(false);
    }
  });

  it('an exporter reaches nothing else', () => {
    expect(reaches(pod('redis-exporter'), pod('postgresql'), 5432)).toBe(false);
    expect(reaches(pod('postgresql-exporter'), pod('redis'), 6379)).toBe(false);
    expect(reaches(pod('redis-exporter'), { address: '93.184.216.34' }, 443)).toBe(false);
  });

  it('vote and worker reach a collector of traces when there is one, and the others do not', async () => {
    const endpoint = 'http://otel-collector.monitoring:4318';
    const traced = await renderCharts('dev', '--set', `tracing.endpoint=${endpoint}`);
    const collector = pod('otel-collector', 'monitoring');
    const connected = (objects: KubernetesObject[]) =>
      ['vote', 'result', 'worker', 'host'].filter((name) => reaches(pod(name), collector, 4318, objects));
    expect(connected(traced)).toEqual(['vote', 'worker']);
    expect(connected(app)).toEqual([]);
    for (const service of podTemplates(traced).filter(({ owner }) => /\/(vote|worker)$/.test(owner))) {
      expect(readTracingSettings(environmentOf(service, traced))).toMatchObject({
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_TRACES_SAMPLER_ARG: 0.01,
      });
    }
  });

  it.each(['vote', 'result', 'worker', 'host'])(
    'Prometheus reaches the metrics of %s, and nobody else does',
    (service) => {
      expect(reaches(prometheus, pod(service), 9090)).toBe(true);
      expect(reaches(pod('redis-exporter'), pod(service), 9090)).toBe(false);
    },
  );
});

describe('the guide', () => {
  const guide = readFileSync(resolve(root, 'docs/MONITORING.md'), 'utf8');
  const heads = ['kube-prometheus-stack', 'cloudwatch-exporter'].map(
    (name) => readFileSync(resolve(root, `monitoring/${name}.yaml`), 'utf8').split('\n')[0],
  );

  it.each(heads)('installs the version that the values are for: %s', (head) => {
    const [, chart, version] = /chart (\S+) (\d[\d.]+\d)/.exec(head ?? '') ?? [];
    expect(guide).toMatch(new RegExp(`/${chart} \\\\\\n  --version ${version} `));
  });
});
