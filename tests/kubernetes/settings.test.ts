import type { IScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { createRegistry } from '@voting/runtime';
import { createWorkerMetrics } from '@voting/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { readHostServiceSettings } from '../../host/src/service.ts';
import { readResultServiceSettings } from '../../result/src/service.ts';
import { readVoteServiceSettings } from '../../vote/src/service.ts';
import { readMigrateSettings } from '../../worker/src/migrate/migrate.ts';
import { readWorkerServiceSettings } from '../../worker/src/service.ts';
import { environmentOf } from './environment.ts';
import {
  containerOf,
  containersOf,
  initContainerOf,
  type KubernetesObject,
  one,
  podTemplates,
} from './objects.ts';
import { type EnvironmentName, environmentNames, renderCharts, renderOverlay } from './render.ts';

const readers = {
  vote: readVoteServiceSettings,
  result: readResultServiceSettings,
  worker: readWorkerServiceSettings,
  host: readHostServiceSettings,
};
const sources = environmentNames.flatMap((name) => [`charts ${name}`, `overlay ${name}`]);

/** What a service makes of its pod's variables, and which of them it never looked at. */
function read(service: keyof typeof readers, objects: readonly KubernetesObject[]) {
  const pod = podTemplates(objects).find(({ owner }) => owner === `Deployment/${service}`);
  if (pod === undefined) throw new Error(`no Deployment ${service}`);
  const variables = environmentOf(pod, objects);
  const asked = new Set<string>();
  const env = new Proxy(variables, {
    get(target, name) {
      asked.add(String(name));
      // what a secret is called is no key of a host
      return name === 'HOST_KEYS' ? `host:${'x'.repeat(40)}` : Reflect.get(target, name);
    },
  });
  const settings = readers[service](env) as ReturnType<typeof readVoteServiceSettings> &
    ReturnType<typeof readResultServiceSettings> &
    ReturnType<typeof readWorkerServiceSettings> &
    ReturnType<typeof readHostServiceSettings>;
  const ignored = Object.keys(variables).filter((name) => !asked.has(name));
  return { pod, variables, settings, ignored };
}

describe.each(sources)('the settings that %s hands out', (source) => {
  let objects: KubernetesObject[];
  beforeAll(async () => {
    const [kind, name] = source.split(' ') as [string, EnvironmentName];
    objects = kind === 'charts' ? await renderCharts(name) : await renderOverlay(name);
  });

  it.each(Object.keys(readers) as (keyof typeof readers)[])('are those that %s reads', (service) => {
    const { pod, variables, settings, ignored } = read(service, objects);
    expect(ignored).toEqual([]);
    const ports = Object.fromEntries(
      (containerOf(pod).ports ?? []).map(({ name, containerPort }) => [name, containerPort]),
    );
    expect(ports.ops).toBe(settings.ops.OPS_PORT);
    expect(ports.http).toBe(settings.http?.PORT);
    expect(variables.NODE_ENV).toBe(source === 'overlay local' ? 'development' : 'production');
    const [redis, postgresql] = ['redis', 'postgresql'].map((name) => one(objects, 'Service', name));
    if (settings.redis) {
      expect(settings.redis.host).toBe(redis?.metadata.name);
      expect(settings.redis.port).toBe(redis?.spec?.ports?.[0]?.port);
      expect(settings.redis.password).toBe('secret redis-credentials password');
    }
    if (settings.postgres) {
      expect(settings.postgres.host).toBe(postgresql?.metadata.name);
      expect(settings.postgres.port).toBe(postgresql?.spec?.ports?.[0]?.port);
      const role = { worker: 'worker', result: 'reader', host: 'host', vote: undefined }[service];
      expect(settings.postgres).toMatchObject({
        user: `voting_${role}`,
        password: `secret postgresql-credentials ${role}-password`,
      });
      const ofPostgresql = Object.values(variables).filter((value) =>
        value.includes('postgresql-credentials'),
      );
      expect(ofPostgresql).toEqual([`secret postgresql-credentials ${role}-password`]);
    }
    if (service === 'vote') expect(settings.voterSecrets).toEqual(['secret voter-credentials secret']);
  });

  it('let the program before the worker make the roles, as the owner that the server knows', () => {
    const { pod, settings: worker } = read('worker', objects);
    const migrate = initContainerOf(pod, 'migrate');
    expect(migrate.image).toBe(containerOf(pod).image);
    expect(migrate.args).toEqual(['worker/src/migrate/main.ts']);
    const settings = readMigrateSettings(environmentOf(pod, objects, migrate));
    expect(settings.passwords).toEqual({
      worker: 'secret postgresql-credentials worker-password',
      reader: 'secret postgresql-credentials reader-password',
      host: 'secret postgresql-credentials host-password',
    });
    const { user, password, ...place } = settings.postgres;
    const { user: _, password: __, connections, ...sameplace } = worker.postgres;
    expect({ ...place, connections }).toEqual({ ...sameplace, connections });
    const server = podTemplates(objects).find(({ owner }) => owner === 'StatefulSet/postgresql');
    expect(environmentOf(server as NonNullable<typeof server>, objects)).toEqual({
      POSTGRES_USER: user,
      POSTGRES_DB: place.database,
      POSTGRES_PASSWORD: password,
    });
    expect(password).toBe('secret postgresql-credentials password');
  });

  it('give host a role and keys of its own, and the stores and the page as the others have them', () => {
    const variablesOf = (service: string) => {
      const pod = podTemplates(objects).find(({ owner }) => owner === `Deployment/${service}`);
      return environmentOf(pod as NonNullable<typeof pod>, objects);
    };
    const { HOST_KEYS, PORT, POSTGRES_USER, POSTGRES_PASSWORD, TRUST_PROXY, ...shared } = variablesOf('host');
    expect({ HOST_KEYS, PORT, POSTGRES_USER, POSTGRES_PASSWORD }).toEqual({
      HOST_KEYS: 'secret host-credentials keys',
      PORT: '8082',
      POSTGRES_USER: 'voting_host',
      POSTGRES_PASSWORD: 'secret postgresql-credentials host-password',
    });
    expect({ ...variablesOf('vote'), ...variablesOf('result') }).toMatchObject(shared);
    // on AWS its load balancer is internal: in the private subnets
    expect(TRUST_PROXY).toBe(/ local$/.test(source) ? undefined : '10.0.11.0/24,10.0.12.0/24,10.0.13.0/24');
  });

  it('declare the poll to the worker alone: the others learn of it from what the worker declares', () => {
    const declaring = podTemplates(objects).flatMap((pod) =>
      containersOf(pod)
        .filter((container) =>
          Object.keys(environmentOf(pod, objects, container)).some((name) => /^(POLL|OPTION)_/.test(name)),
        )
        .map(({ name }) => `${pod.owner} ${name}`),
    );
    expect(declaring).toEqual(['Deployment/worker worker']);
  });

  it('leave time to stop: the pauses, then the deadline, then some seconds', () => {
    for (const service of Object.keys(readers) as (keyof typeof readers)[]) {
      const { pod, settings } = read(service, objects);
      const pause = containerOf(pod).lifecycle?.preStop?.sleep?.seconds ?? 0;
      const { SHUTDOWN_PAUSE_MS, SHUTDOWN_DEADLINE_MS } = settings.shutdown;
      const closing = (SHUTDOWN_PAUSE_MS + SHUTDOWN_DEADLINE_MS) / 1_000;
      for (const before of [pause, SHUTDOWN_PAUSE_MS]) expect(before > 0, service).toBe(service !== 'worker');
      expect(pod.spec.terminationGracePeriodSeconds, service).toBeGreaterThanOrEqual(pause + closing + 5);
    }
  });
});

describe('what can be set', () => {
  const set = (...values: string[]) => values.flatMap((value) => ['--set', value]);

  it('arrives at the services: poll, limits, stores of others', async () => {
    const objects = await renderCharts(
      'dev',
      ...set('poll.question=Lunch?', 'poll.options={Pizza,Curry,Salad}', 'vote.votesPerMinute=60'),
      ...set('vote.newVotersPerHour=30'),
      ...set(
        'redis.host=r.example.com',
        'redis.port=6380',
        'redis.tls=true',
        'redis.username=app',
        'redis.durability=trusted',
      ),
      ...set('redis.partitions=4', 'redis.externalCidrs={10.0.11.0/24}'),
      ...set('postgresql.host=p.example.com', 'postgresql.sslmode=require', 'postgresql.user=votes'),
      ...set('ingress.voteHost=vote.example.com', 'ingress.resultHost=result.example.com'),
    );
    const { settings: worker } = read('worker', objects);
    expect(worker.poll.question).toBe('Lunch?');
    expect(worker.poll.options.map(({ label }) => label)).toEqual(['Pizza', 'Curry', 'Salad']);
    const { settings: vote } = read('vote', objects);
    expect(vote.vote.VOTES_PER_MINUTE).toBe(60);
    expect(vote.vote.NEW_VOTERS_PER_HOUR).toBe(30);
    expect(vote.vote.RESULT_URL).toBe('http://result.example.com/');
    expect(vote.vote.TRUST_PROXY).toBe('10.0.1.0/24,10.0.2.0/24,10.0.3.0/24');
    expect(vote.redis).toMatchObject({
      host: 'r.example.com',
      port: 6380,
      username: 'app',
      tls: {},
      partitions: 4,
    });
    expect(worker.durability).toEqual({ required: false });
    const { settings: result } = read('result', objects);
    expect(result.result.VOTE_URL).toBe('http://vote.example.com/');
    expect(result.postgres).toMatchObject({ host: 'p.example.com', sslMode: 'require' });
    const { pod } = read('worker', objects);
    const migrate = readMigrateSettings(environmentOf(pod, objects, initContainerOf(pod, 'migrate')));
    expect(migrate.postgres).toMatchObject({ host: 'p.example.com', sslMode: 'require', user: 'votes' });
  });

  it('makes KEDA ask the worker for how many votes wait, by the name that it tells it under', async () => {
    const objects = await renderCharts('prod', ...set('worker.keda.enabled=true'));
    const scaled = objects.find(({ kind }) => kind === 'ScaledObject') as unknown as IScaledObject;
    const [trigger, ...others] = scaled.spec.triggers;
    expect(others).toEqual([]);
    const { OPS_PORT } = read('worker', objects).settings.ops;
    expect(trigger?.metadata).toMatchObject({
      url: `http://worker.voting-prod.svc:${OPS_PORT}/metrics`,
      format: 'prometheus',
    });
    const registry = createRegistry();
    createWorkerMetrics(registry).waiting({ pending: 12, oldestAgeMs: 5, deadLetters: 0 });
    const metric = registry.getSingleMetric(String(trigger?.metadata.valueLocation));
    expect((await metric?.get())?.values).toMatchObject([{ value: 12 }]);
    expect(scaled.spec.minReplicaCount).toBeGreaterThanOrEqual(1);
  });
});
