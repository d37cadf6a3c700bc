import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Applied, createApplied, type Made, together } from './applied.ts';
import { account, createBucket, credentials, emulator, secretValue } from './aws-emulator.ts';
import { createElastiCache } from './elasticache.ts';
import { type Known, requestsOf } from './iam/calls.ts';
import { isAllowed } from './iam/evaluate.ts';
import type { Call } from './iam/recorder.ts';
import { rolesOf } from './iam/roles.ts';
import { type Line, openLine } from './line.ts';
import { stateText } from './state.ts';
import { copyModules, init, terraform, writeJson } from './terraform.ts';
import { environments, mocksOf, readEnvironment, type Unit } from './terragrunt.ts';

const reason = inject('whyNoTerraform') || (emulator ? '' : 'AWS_ENDPOINT_URL names no AWS emulator');
if (reason) console.log(`Terraform is applied to nothing: ${reason}.`);

type Environment = (typeof environments)[number];
type Stores = 'in-cluster' | 'managed';

Object.assign(process.env, credentials);
const settings = {
  AWS_ACCOUNT_ID: account,
  CLUSTER_API_CIDRS: '203.0.113.7/32',
  CLUSTER_OPERATORS: `arn:aws:iam::${account}:role/operator`,
};
// the emulator is one account, in which dev makes what an account has once
const settingsOf = (environment: Environment) => ({
  ...settings,
  CREATE_OIDC_PROVIDER: String(environment === 'dev'),
});

describe.skipIf(reason !== '')('in an AWS emulator', { timeout: 1_200_000 }, () => {
  const elasticache = createElastiCache();
  const applied = new Map<Environment, Applied>();
  const lines: Line[] = [];
  /** What was asked of AWS for each environment by what a workflow does. */
  const calls = new Map<Environment, Call[]>(environments.map((environment) => [environment, []]));
  const units = new Map<Environment, Unit[]>();
  const first = new Map<Environment, ReadonlyMap<string, Made>>();

  const unitsOf = (environment: Environment) => units.get(environment) as Unit[];
  const appliedTo = (environment: Environment) => applied.get(environment) as Applied;

  async function make(environment: Environment, kind: Stores): Promise<ReadonlyMap<string, Made>> {
    // what is kept could not be destroyed here
    const changes = { data_stores: kind, keep_when_destroyed: false };
    const wanted = await readEnvironment(environment, settingsOf(environment), changes);
    units.set(environment, wanted);
    return appliedTo(environment).make(wanted);
  }

  function expectMade(environment: Environment, kind: Stores, made: ReadonlyMap<string, Made>): void {
    for (const [unit, { resources, planAgain }] of made) {
      const named = resources.join('\n  ');
      console.log(`${environment}, ${kind} stores, ${unit}: ${resources.length} resources\n  ${named}`);
      expect(planAgain.code, planAgain.output).toBe(0);
    }
    const database = 'module.managed[0].aws_db_instance.this';
    expect(made.get('data-stores')?.resources.includes(database)).toBe(kind === 'managed');
  }

  const remove = (environment: Environment) => appliedTo(environment).remove(unitsOf(environment));

  beforeAll(async () => {
    await createBucket(`voting-app-terraform-state-${account}`);
    for (const environment of environments) {
      const person = await openLine(elasticache);
      const workflow = await openLine(elasticache, calls.get(environment));
      lines.push(person, workflow);
      // nobody else may change the roles of the workflows
      const lineFor = ({ name }: Unit) => (name === 'github-oidc' ? person : workflow);
      applied.set(environment, createApplied(lineFor));
    }
    const makeFirst = async (environment: Environment) =>
      first.set(environment, await make(environment, 'in-cluster'));
    await Promise.all(environments.map(makeFirst));
  }, 1_800_000);

  afterAll(async () => {
    for (const one of applied.values()) one.close();
    for (const line of lines) await line.close();
  });

  it.each(environments)('%s is made unit by unit, and is then what was asked for', (environment) => {
    expectMade(environment, 'in-cluster', first.get(environment) as ReadonlyMap<string, Made>);
  });

  it.each(environments)('%s keeps no secret in its state', async (environment) => {
    const states = await Promise.all(unitsOf(environment).map(stateText));
    for (const name of [
      ...['postgresql', 'postgresql-worker', 'postgresql-reader', 'postgresql-host'],
      ...['redis', 'voter', 'host'],
    ]) {
      const value = await secretValue(`voting-app/${environment}/${name}`);
      // a key of hosts has a name
      const [secret = '', ...named] = value.split(':').reverse();
      expect(named).toEqual(name === 'host' ? ['host'] : []);
      expect(secret).toMatch(/^[A-Za-z0-9]{40}$/);
      expect(states.filter((state) => state.includes(secret))).toEqual([]);
    }
  });

  // a database takes minutes, which others need not wait for
  describe.concurrent('at the same time', () => {
    it('changes nothing but the stores, and what the programs must know of them, when prod’s move', async () => {
      const made = await make('prod', 'managed');
      expectMade('prod', 'managed', made);
      const changed = [...made].filter(([, unit]) => unit.changed).map(([name]) => name);
      expect(changed.sort()).toEqual(['data-stores', 'facts']);
    });

    it('removes dev again, in the opposite order', () => remove('dev'));

    it('can plan everything before anything is there', () =>
      withModules(async (modules) => {
        const line = await openLine(elasticache);
        for (const unit of await readEnvironment('prod', settings)) {
          const at = join(modules, unit.module);
          writeFileSync(join(at, 'provider.tf'), unit.provider);
          writeJson(join(at, 'terraform.tfvars.json'), await unit.inputs(mocksOf(unit)));
          await init(at);
          const { code, output } = await terraform(at, ['plan', together], line);
          expect(code, output).toBe(0);
        }
        await line.close();
      }));

    it('refuses an account that is not the environment’s', () =>
      withModules(async (modules) => {
        const [unit] = await readEnvironment('dev', { ...settings, AWS_ACCOUNT_ID: '999999999999' });
        const at = join(modules, 'vpc');
        writeFileSync(join(at, 'provider.tf'), (unit as Unit).provider);
        await init(at);
        const inputs = ['-var=environment=dev', '-var=region=us-east-1', '-var=account_id=999999999999'];
        const { code, output } = await terraform(at, ['plan', ...inputs]);
        expect(code).toBe(1);
        expect(output).toContain(`AWS account ID not allowed: ${account}`);
      }));
  });

  it('removes prod again, with its managed stores', () => remove('prod'));

  it.each(environments)(
    'asked nothing for %s that the role which does it in the workflows may not',
    async (environment) => {
      const { roles } = await rolesOf(environment);
      const refused = new Set<string>();
      let judged = 0;
      const own = { Project: 'voting-app', Environment: environment };
      const clusters = { 'aws:eks:cluster-name': `voting-${environment}` };
      const known: Known = {
        tags: new Map<string, Readonly<Record<string, string>>>([
          ['own', own],
          ...appliedTo(environment).clusterGroups.map((id) => [id, clusters] as const),
        ]),
        boundaries: new Map(),
      };
      for (const call of calls.get(environment) ?? []) {
        for (const request of await requestsOf(call, known)) {
          judged++;
          if (!isAllowed(roles.get('apply') ?? [], request))
            refused.add(`${request.action} ${request.resource} ${JSON.stringify(request.context)}`);
        }
      }
      console.log(`${environment}: ${judged} permissions were needed`);
      expect(judged).toBeGreaterThan(500);
      expect([...refused]).toEqual([]);
    },
  );
});

/** Lets `work` have a copy of the modules. */
async function withModules(work: (modules: string) => Promise<void>): Promise<void> {
  const modules = copyModules();
  try {
    await work(modules);
  } finally {
    rmSync(modules, { recursive: true, force: true });
  }
}
