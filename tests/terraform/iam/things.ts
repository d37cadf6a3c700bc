import { account, region } from '../aws-emulator.ts';

/** Something in an account, as policies see it. */
export interface Thing {
  readonly arn: string;
  /** Its type, as the service authorization reference names it. */
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
}

const at = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;

/** What the modules, EKS and the controllers make of an environment: one of each kind. */
export function thingsOf(environment: string): readonly Thing[] {
  const name = `voting-${environment}`;
  const tags = { Project: 'voting-app', Environment: environment };
  const made = (service: string, type: string, rest: string, more: Thing['tags'] = {}): Thing => ({
    arn: at(service, rest),
    type: `${service}:${type}`,
    tags: { ...tags, ...more },
  });
  const ec2 = (type: string, more?: Thing['tags']) =>
    made('ec2', type, `${type}/${type}-${environment}`, more);
  const iam = (type: string, path: string): Thing => ({
    arn: `arn:aws:iam::${account}:${path}`,
    type: `iam:${type}`,
    tags,
  });
  const s3 = (type: string, path: string): Thing => ({
    arn: `arn:aws:s3:::${path}`,
    type: `s3:${type}`,
    tags: {},
  });
  return [
    ...['vpc', 'subnet', 'route-table', 'internet-gateway', 'natgateway', 'elastic-ip', 'security-group'].map(
      (type) => ec2(type),
    ),
    ...['security-group-rule', 'vpc-endpoint', 'vpc-flow-log', 'launch-template', 'volume'].map((type) =>
      ec2(type),
    ),
    ec2('network-interface'),
    ec2('instance', { Name: `${name}-bastion` }),
    // made by EKS, whose tags they have
    { ...ec2('security-group'), tags: { 'aws:eks:cluster-name': name } },
    {
      ...made('autoscaling', 'autoScalingGroup', `autoScalingGroup:1:autoScalingGroupName/eks-1`),
      tags: { 'eks:cluster-name': name },
    },
    // made by the load balancer controller, which is told to tag them
    made('elasticloadbalancing', 'loadbalancer/app/', `loadbalancer/app/k8s-${name}/1`),
    made('elasticloadbalancing', 'targetgroup', 'targetgroup/k8s-vote/1'),
    made('elasticloadbalancing', 'listener/app', `listener/app/k8s-${name}/1/2`),

    made('kms', 'key', `key/${environment}`),
    { ...made('kms', 'alias', `alias/${name}-secrets`), tags: {} },
    made('secretsmanager', 'Secret', `secret:voting-app/${environment}/postgresql-AbCdEf`),
    made('ssm', 'parameter', `parameter/voting-app/${environment}/facts`),
    made('eks', 'cluster', `cluster/${name}`),
    made('eks', 'nodegroup', `nodegroup/${name}/general/1`),
    made('eks', 'addon', `addon/${name}/coredns/1`),
    made('eks', 'access-entry', `access-entry/${name}/role/${account}/operator/1`),
    made('eks', 'podidentityassociation', `podidentityassociation/${name}/a-1`),
    made('rds', 'db', `db:${name}`),
    made('rds', 'subgrp', `subgrp:${name}`),
    made('rds', 'pg', `pg:${name}-postgres18`),
    made('rds', 'snapshot', `snapshot:${name}-final`),
    ...['replicationgroup', 'subnetgroup', 'usergroup'].map((type) =>
      made('elasticache', type, `${type}:${name}`),
    ),
    made('elasticache', 'parametergroup', `parametergroup:${name}-valkey8`),
    made('elasticache', 'user', `user:${name}-default`),
    made('cloudformation', 'stack', `stack/${name}-valkey-user/1`),
    made('logs', 'log-group', `log-group:/aws/eks/${name}/cluster`),
    made('logs', 'log-group', `log-group:/aws/vpc/${name}`),
    { ...made('logs', 'log-stream', `log-group:/aws/eks/${name}/cluster:log-stream:1`), tags: {} },
    made('acm', 'certificate', `certificate/${environment}`),

    s3('bucket', `voting-app-${environment}-artifacts-${account}`),
    s3('object', `voting-app-${environment}-artifacts-${account}/artifacts/sha256/1`),
    s3('bucket', `voting-app-${environment}-backups-${account}`),
    s3('object', `voting-app-${environment}-backups-${account}/postgresql/1.dump`),
    s3('object', `voting-app-terraform-state-${account}/environments/${environment}/vpc/terraform.tfstate`),
    s3(
      'object',
      `voting-app-terraform-state-${account}/environments/${environment}/vpc/terraform.tfstate.tflock`,
    ),
    ...['node', 'bastion', 'external-secrets', 'github-apply', 'github-deploy'].map((role) =>
      iam('role', `role/${name}-${role}`),
    ),
    iam('policy', `policy/${name}-boundary`),
    iam('policy', `policy/${name}-github-apply-network`),
    iam('policy', `policy/${name}-load-balancer-controller`),
    iam('instance-profile', `instance-profile/${name}-bastion`),
  ];
}
