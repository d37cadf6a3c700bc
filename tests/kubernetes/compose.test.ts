import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentOf } from './environment.ts';
import {
  all,
  containerOf,
  initContainerOf,
  type KubernetesObject,
  type PodTemplate,
  podTemplates,
} from './objects.ts';
import { renderCharts, root } from './render.ts';

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly target: string };
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
}

const read = (file: string) => readFileSync(resolve(root, file), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, ComposeService>;
};
const dockerfile = read('Dockerfile');

/** The name in Compose of each workload; PostgreSQL is `db` there. */
const workloads = {
  'Deployment/vote': 'vote',
  'Deployment/result': 'result',
  'Deployment/worker': 'worker',
  'Deployment/host': 'host',
  'Job/seed-1': 'seed',
  'StatefulSet/redis': 'redis',
  'StatefulSet/postgresql': 'db',
};

/** A Compose value with nothing set around it. */
const byDefault = (text: string) => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

describe.each(Object.entries(workloads))('%s in the charts and %s in Compose', (owner, name) => {
  const service = compose.services[name] as ComposeService;
  let objects: KubernetesObject[];
  let pod: PodTemplate;
  beforeAll(async () => {
    objects = await renderCharts('local', '--set', 'seed.enabled=true');
    pod = podTemplates(objects).find((template) => template.owner === owner) as PodTemplate;
  });

  it('run the same image as the same user', () => {
    const repository = (image: string) => image.replace(/:[^:/]*$/, '');
    const { image = '' } = containerOf(pod);
    if (service.build === undefined) expect(image).toBe(service.image);
    else {
      expect(repository(image)).toBe(repository(byDefault(service.image)));
      expect(dockerfile).toMatch(new RegExp(`^FROM \\S+ AS ${service.build.target}$`, 'm'));
    }
    const user = service.user ?? /^USER (\S+)$/m.exec(dockerfile)?.[1];
    expect(`${pod.spec.securityContext?.runAsUser}:${pod.spec.securityContext?.runAsGroup}`).toBe(user);
  });

  it('are the same users of PostgreSQL', () => {
    const { POSTGRES_USER: ours } = environmentOf(pod, objects);
    const theirs = service.environment.POSTGRES_USER ?? (name === 'db' ? 'postgres' : undefined);
    expect(ours).toBe(theirs);
  });

  it('get variables of the same names', () => {
    const optional = ['VOTES_PER_MINUTE', 'NEW_VOTERS_PER_HOUR', 'TRUST_PROXY'];
    // the ways that the charts spell out and Compose leaves to the services
    const spelledOut =
      /^(PORT|OPS_PORT|SHUTDOWN_\w+|(REDIS|POSTGRES)_(PORT|TLS|USER|DB|SSLMODE)|QUEUE_PARTITIONS)$/;
    // in Compose it makes a poll of its own, on Kubernetes the keys of hosts stay with host
    const onlyInCompose = name === 'seed' ? ['HOST_URL', 'HOST_KEYS'] : [];
    const ours = Object.keys(environmentOf(pod, objects)).filter((key) => !spelledOut.test(key));
    const theirs = Object.keys(service.environment).filter(
      (key) =>
        ![...optional, ...onlyInCompose].includes(key) &&
        !spelledOut.test(key) &&
        !/^(OPTION_[C-Z]|OTEL_\w+)$/.test(key),
    );
    expect(ours.sort()).toEqual(theirs.sort());
  });

  it('open the ports that the image says, and publish the page on the same', () => {
    const open = (containerOf(pod).ports ?? []).map((port) => String(port.containerPort));
    if (service.build === undefined) return;
    const stage =
      dockerfile.split(/^FROM /m).find((text) => text.includes(` AS ${service.build?.target}\n`)) ?? '';
    expect(open).toEqual(/^EXPOSE (.+)$/m.exec(stage)?.[1]?.split(' ') ?? []);
    const published = (service.ports ?? []).map((mapping) => byDefault(mapping).split(':')[1]);
    expect(open.filter((port) => port !== '9090')).toEqual(published);
  });
});

describe('what prepares PostgreSQL', () => {
  it('is the same program in both, with the same variables but those that all services have', async () => {
    const objects = await renderCharts('local');
    const pod = podTemplates(objects).find(({ owner }) => owner === 'Deployment/worker') as PodTemplate;
    const container = initContainerOf(pod, 'migrate');
    const { migrate, worker } = compose.services as Record<string, ComposeService>;
    expect(migrate?.command).toEqual(container.args);
    expect([migrate?.image, migrate?.build]).toEqual([worker?.image, worker?.build]);
    const ofAll = /^(OPS_PORT|SHUTDOWN_DEADLINE_MS)$/;
    // Compose leaves these to their defaults
    const spelledOut = /^POSTGRES_(PORT|USER|DB|SSLMODE)$/;
    const ours = Object.keys(environmentOf(pod, objects, container)).filter(
      (key) => !ofAll.test(key) && !spelledOut.test(key),
    );
    expect(ours.sort()).toEqual(Object.keys(migrate?.environment ?? {}).sort());
  });
});

describe('every service of Compose', () => {
  it.each(Object.entries(compose.services))('%s has a log that is bounded', (_name, { logging }) => {
    expect(logging?.driver).toBe('json-file');
    expect(logging?.options).toMatchObject({
      'max-size': expect.any(String),
      'max-file': expect.any(String),
    });
  });
});

describe('the stores', () => {
  it('keep their data where Compose keeps it, and Redis keeps it as surely', async () => {
    const objects = await renderCharts('local');
    for (const set of all(objects, 'StatefulSet')) {
      const name = set.metadata.name === 'redis' ? 'redis' : 'db';
      const [volume = ''] = compose.services[name]?.volumes ?? [];
      const container = set.spec?.template.spec?.containers[0];
      const data = container?.volumeMounts?.find((mount) => mount.name === 'data');
      expect(data?.mountPath).toBe(volume.split(':')[1]);
      if (name === 'redis') {
        const command = compose.services.redis?.command?.map(String) ?? [];
        expect(container?.args?.slice(0, -1)).toEqual(command.slice(0, -1));
        expect(container?.args?.at(-1)).toBe('$(REDISCLI_AUTH)');
      }
    }
  });
});

describe('the images', () => {
  it('are built from workspaces that .dockerignore lets in', () => {
    const letIn: readonly string[] = read('.dockerignore').match(/(?<=^!)[\w-]+$/gm) ?? [];
    const built = Array.from(
      dockerfile.matchAll(/npm ci --workspace=@voting\/([\w-]+)/g),
      ([, name]) => name,
    );
    expect(built.length).toBeGreaterThan(4);
    expect(built.filter((name) => !letIn.includes(String(name)))).toEqual([]);
  });
});
