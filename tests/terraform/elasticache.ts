import { account, region } from './aws-emulator.ts';

/** The parameters of a request, such as `Tags.Tag.1.Key`. */
type Parameters = Readonly<Record<string, string>>;
/** Elements by name; a list is repeated elements of that name. */
interface Xml {
  readonly [element: string]: string | number | boolean | Xml | readonly (string | Xml)[];
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The part of ElastiCache that the emulator lacks. Everything is there at once and kept in memory. */
export interface ElastiCache {
  answer(query: string): Answer;
}

interface Kind {
  /** What its actions end with. */
  readonly name: string;
  readonly key: string;
  /** Of its ARN. */
  readonly type: string;
  /** Around each one in a list. */
  readonly element: string;
  readonly missing: string;
  /** Whether what was made or removed is told without an element around it. */
  readonly bare?: true;
  /** What AWS tells of one, from what it was made with. */
  describe(made: Parameters): Xml;
}

const arnOf = (type: string, name = '') => `arn:aws:elasticache:${region}:${account}:${type}:${name}`;
const port = 6379;

/** The values of a list such as `UserIds.member.1`. */
function listed(parameters: Parameters, name: string): string[] {
  return Object.entries(parameters)
    .filter(([key]) => key.startsWith(`${name}.`))
    .map(([, value]) => value);
}

const membersOf = (id = '') => [`${id}-001`, `${id}-002`];

const kinds: readonly Kind[] = [
  {
    name: 'CacheSubnetGroup',
    key: 'CacheSubnetGroupName',
    type: 'subnetgroup',
    element: 'CacheSubnetGroup',
    missing: 'CacheSubnetGroupNotFoundFault',
    describe: (made) => ({
      CacheSubnetGroupDescription: made.CacheSubnetGroupDescription ?? '',
      Subnets: {
        Subnet: listed(made, 'SubnetIds').map((id) => ({ SubnetIdentifier: id })),
      },
    }),
  },
  {
    name: 'CacheParameterGroup',
    key: 'CacheParameterGroupName',
    type: 'parametergroup',
    element: 'CacheParameterGroup',
    missing: 'CacheParameterGroupNotFound',
    describe: (made) => ({
      CacheParameterGroupFamily: made.CacheParameterGroupFamily ?? '',
      Description: made.Description ?? '',
    }),
  },
  {
    name: 'UserGroup',
    key: 'UserGroupId',
    type: 'usergroup',
    element: 'member',
    missing: 'UserGroupNotFound',
    bare: true,
    describe: (made) => ({
      Status: 'active',
      Engine: made.Engine ?? '',
      UserIds: { member: listed(made, 'UserIds') },
    }),
  },
  {
    name: 'ReplicationGroup',
    key: 'ReplicationGroupId',
    type: 'replicationgroup',
    element: 'ReplicationGroup',
    missing: 'ReplicationGroupNotFoundFault',
    describe: (made) => ({
      Status: 'available',
      Description: made.ReplicationGroupDescription ?? '',
      Engine: made.Engine ?? '',
      CacheNodeType: made.CacheNodeType ?? '',
      ClusterEnabled: false,
      ClusterMode: 'disabled',
      AutomaticFailover: made.AutomaticFailoverEnabled === 'true' ? 'enabled' : 'disabled',
      MultiAZ: made.MultiAZEnabled === 'true' ? 'enabled' : 'disabled',
      ...told(made),
      NetworkType: 'ipv4',
      IpDiscovery: 'ipv4',
      UserGroupIds: { member: listed(made, 'UserGroupIds') },
      MemberClusters: { ClusterId: membersOf(made.ReplicationGroupId) },
      NodeGroups: {
        NodeGroup: {
          NodeGroupId: '0001',
          Status: 'available',
          PrimaryEndpoint: { Address: `master.${made.ReplicationGroupId}.example.com`, Port: port },
          ReaderEndpoint: { Address: `replica.${made.ReplicationGroupId}.example.com`, Port: port },
          NodeGroupMembers: {
            NodeGroupMember: membersOf(made.ReplicationGroupId).map((id) => ({ CacheClusterId: id })),
          },
        },
      },
    }),
  },
];

/** What both a replication group and its nodes tell of the group. */
function told(group: Parameters): Xml {
  return {
    AtRestEncryptionEnabled: group.AtRestEncryptionEnabled ?? false,
    TransitEncryptionEnabled: group.TransitEncryptionEnabled ?? false,
    TransitEncryptionMode: group.TransitEncryptionMode ?? '',
    SnapshotRetentionLimit: group.SnapshotRetentionLimit ?? 0,
    AutoMinorVersionUpgrade: true,
  };
}

/** The node of a replication group, as one asks for it by itself. */
function describeNode(id: string, group: Parameters): Xml {
  return {
    CacheClusterId: id,
    ReplicationGroupId: group.ReplicationGroupId ?? '',
    CacheClusterStatus: 'available',
    CacheNodeType: group.CacheNodeType ?? '',
    Engine: group.Engine ?? '',
    // it was made with major and minor, and AWS tells the patch as well
    EngineVersion: `${group.EngineVersion}.0`,
    NumCacheNodes: 1,
    ...told(group),
    CacheSubnetGroupName: group.CacheSubnetGroupName ?? '',
    CacheParameterGroup: { CacheParameterGroupName: group.CacheParameterGroupName ?? '' },
    SecurityGroups: {
      member: listed(group, 'SecurityGroupIds').map((value) => ({
        SecurityGroupId: value,
        Status: 'active',
      })),
    },
    CacheNodes: {
      CacheNode: { CacheNodeId: '0001', Endpoint: { Address: `${id}.example.com`, Port: port } },
    },
  };
}

/**
 * Answers as the API reference of ElastiCache says, as far as Terraform asks:
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/Welcome.html
 */
export function createElastiCache(): ElastiCache {
  /** What each thing was made with, by its ARN. */
  const things = new Map<string, Parameters>();

  function answer(query: string): Answer {
    const { Action: action = '', ...parameters } = Object.fromEntries(new URLSearchParams(query));
    if (action === 'ListTagsForResource') {
      const made = things.get(parameters.ResourceName ?? '') ?? {};
      return found(action, { TagList: { Tag: tagsOf(made) } });
    }
    if (action === 'DescribeCacheClusters') {
      const id = parameters.CacheClusterId ?? '';
      const group = things.get(arnOf('replicationgroup', id.replace(/-\d{3}$/, '')));
      if (group === undefined) return missing('CacheClusterNotFound');
      return found(action, { CacheClusters: { CacheCluster: describeNode(id, group) } });
    }
    if (action === 'DescribeCacheParameters') {
      const made = things.get(arnOf('parametergroup', parameters.CacheParameterGroupName)) ?? {};
      return found(action, { Parameters: { Parameter: parametersIn(made) } });
    }
    const [, verb = '', name = ''] = /^(Create|Describe|Modify|Delete)(.+?)s?$/.exec(action) ?? [];
    const kind = kinds.find((candidate) => candidate.name === name);
    if (kind === undefined) return { status: 501, text: `ElastiCache is not asked for ${action} here` };
    const arn = arnOf(kind.type, parameters[kind.key]);
    const made = things.get(arn);
    if (verb === 'Create') {
      if (made !== undefined) return failed(400, `${kind.name}AlreadyExists`);
      things.set(arn, parameters);
      return found(action, alone(kind, parameters));
    }
    if (made === undefined) return missing(kind.missing);
    if (verb === 'Describe')
      return found(action, { [`${kind.name}s`]: { [kind.element]: tell(kind, made) } });
    if (verb === 'Modify') things.set(arn, { ...made, ...parameters });
    if (verb === 'Delete') things.delete(arn);
    return found(action, alone(kind, made));
  }

  return { answer };
}

function tell(kind: Kind, made: Parameters): Xml {
  const name = made[kind.key] ?? '';
  return { [kind.key]: name, ARN: arnOf(kind.type, name), ...kind.describe(made) };
}

function alone(kind: Kind, made: Parameters): Xml {
  const one = tell(kind, made);
  return kind.bare ? one : { [kind.name]: one };
}

function tagsOf(made: Parameters): Xml[] {
  const keys = Object.keys(made).filter((name) => /^Tags\..*\.Key$/.test(name));
  return keys.map((name) => ({
    Key: made[name] ?? '',
    Value: made[name.replace(/Key$/, 'Value')] ?? '',
  }));
}

function parametersIn(made: Parameters): Xml[] {
  const names = Object.keys(made).filter((name) => name.endsWith('.ParameterName'));
  return names.map((name) => ({
    ParameterName: made[name] ?? '',
    ParameterValue: made[name.replace(/Name$/, 'Value')] ?? '',
    Source: 'user',
  }));
}

function found(action: string, result: Xml): Answer {
  return {
    status: 200,
    text: write({
      [`${action}Response`]: { [`${action}Result`]: result, ResponseMetadata: { RequestId: '1' } },
    }),
  };
}

const missing = (code: string) => failed(404, code);

function failed(status: number, code: string): Answer {
  return {
    status,
    text: write({ ErrorResponse: { Error: { Type: 'Sender', Code: code, Message: code }, RequestId: '1' } }),
  };
}

function write(xml: Xml): string {
  return Object.entries(xml)
    .flatMap(([element, value]) => {
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      return values.map((one) => {
        const inside = typeof one === 'object' ? write(one as Xml) : String(one).replaceAll('&', '&amp;');
        return `<${element}>${inside}</${element}>`;
      });
    })
    .join('');
}
