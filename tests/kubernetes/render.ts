import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { clientTools } from './client-tools.ts';
import type { KubernetesObject } from './objects.ts';

export const root = resolve(import.meta.dirname, '../..');
const execute = promisify(execFile);
const largestOutput = 16 * 1024 * 1024;

export const charts = ['infrastructure', 'redis', 'postgresql', 'vote-app'] as const;
export type Chart = (typeof charts)[number];

/** Where the charts and the overlays are meant for, and what has to be given beside their files there. */
export const environments = {
  local: { namespace: 'voting-local', tag: 'local', beside: {} },
  dev: { namespace: 'voting-dev', tag: 'sha-0000000', beside: {} },
  prod: {
    namespace: 'voting-prod',
    tag: 'sha-0000000',
    beside: {
      'vote-app': {
        'ingress.alb.certificateArn': 'arn:aws:acm:us-east-1:000000000000:certificate/set-me',
      },
      postgresql: {
        'backup.s3.bucket': 'voting-app-prod-backups-000000000000',
        'backup.s3.region': 'us-east-1',
      },
    },
  },
} as const;
export type EnvironmentName = keyof typeof environments;
export const environmentNames = Object.keys(environments) as EnvironmentName[];

const services = ['vote', 'result', 'worker', 'host', 'seed'];

/**
 * The values that must be set for each installation that is no release: which images to run.
 *
 * @param part what comes before them in a chart that has this one inside
 */
export function images(tag = 'sha-0000000', part = ''): string[] {
  return services.flatMap((service) => ['--set', `${part}${service}.image.tag=${tag}`]);
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs helm and resolves however it ends. */
export async function helm(...args: readonly string[]): Promise<Ended> {
  return run(clientTools.helm, args);
}

export async function kubectl(...args: readonly string[]): Promise<Ended> {
  return run(clientTools.kubectl, args);
}

async function run(file: string, args: readonly string[]): Promise<Ended> {
  try {
    return { code: 0, ...(await execute(file, args, { cwd: root, maxBuffer: largestOutput })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string };
    return {
      code: typeof code === 'number' ? code : 1,
      stdout: stdout ?? '',
      stderr: stderr ?? String(error),
    };
  }
}

/** What `helm template` makes of a chart. */
export async function renderChart(
  chart: Chart | 'voting-app',
  namespace: string,
  ...args: readonly string[]
): Promise<KubernetesObject[]> {
  return parsed(await helm('template', chart, `helm-chart/${chart}`, '--namespace', namespace, ...args));
}

/** What all charts together make of an environment. */
export async function renderCharts(
  name: EnvironmentName,
  ...voteAppArgs: readonly string[]
): Promise<KubernetesObject[]> {
  const { namespace, tag } = environments[name];
  const rendered = charts.map((chart) => {
    const given = chart === 'vote-app' ? [...images(tag), ...voteAppArgs] : [];
    return renderChart(chart, namespace, ...valuesFile(chart, name), ...besideOf(chart, name), ...given);
  });
  return (await Promise.all(rendered)).flat();
}

/** What has to be given beside an environment's values file, as arguments for helm. */
export function besideOf(chart: Chart, name: EnvironmentName): string[] {
  const beside: Partial<Record<Chart, Readonly<Record<string, string>>>> = environments[name].beside;
  return Object.entries(beside[chart] ?? {}).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
}

function valuesFile(chart: Chart, name: EnvironmentName): string[] {
  return name === 'local' ? [] : ['--values', `helm-chart/${chart}/values-${name}.yaml`];
}

/** What `kubectl kustomize` makes of an overlay. */
export async function renderOverlay(name: EnvironmentName): Promise<KubernetesObject[]> {
  return parsed(await kubectl('kustomize', `k8s-manifests/overlays/${name}`));
}

function parsed({ code, stdout, stderr }: Ended): KubernetesObject[] {
  if (code !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout)
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS() as KubernetesObject | null;
    })
    .filter((object) => object !== null);
}
