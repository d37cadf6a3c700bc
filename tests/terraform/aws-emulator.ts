/**
 * The AWS emulator at AWS_ENDPOINT_URL, and what it is told and asked beside Terraform. It must be fresh and
 * know AWS's managed policies (moto: MOTO_IAM_LOAD_MANAGED_POLICIES=true).
 */

export const emulator = process.env.AWS_ENDPOINT_URL;

/** The account that the emulator says it is. */
export const account = '123456789012';
export const region = 'us-east-1';

export const credentials = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: region,
  // what the emulator does not know should fail at once
  AWS_MAX_ATTEMPTS: '3',
};

/**
 * What the emulator gives back otherwise than AWS does, as Terraform override files by module. It puts a
 * launch template's own tags among those of the machines, forgets how a node group is updated, and what a
 * machine asked of its network interface and what a rule between two security groups, or to a list of
 * prefixes, is called; of a database it forgets the parameters and that its performance is watched.
 */
export const overrides: Readonly<Record<string, string>> = {
  'eks-cluster': `
resource "aws_launch_template" "node" {
  lifecycle {
    ignore_changes = [tag_specifications]
  }
}

resource "aws_eks_node_group" "this" {
  lifecycle {
    ignore_changes = [update_config]
  }
}
`,
  'managed-stores': `
resource "aws_db_parameter_group" "this" {
  lifecycle {
    ignore_changes = [parameter]
  }
}

resource "aws_db_instance" "this" {
  lifecycle {
    ignore_changes = [performance_insights_enabled]
  }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  lifecycle {
    ignore_changes = [description]
  }
}
`,
  bastion: `
resource "aws_instance" "this" {
  lifecycle {
    ignore_changes = [ami, associate_public_ip_address, vpc_security_group_ids]
  }
}

resource "aws_vpc_security_group_ingress_rule" "cluster_api" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  lifecycle {
    ignore_changes = [description]
  }
}
`,
};

export async function createBucket(name: string): Promise<void> {
  await call(`/${name}`, { method: 'PUT', headers: { Authorization: authorization('s3') } });
}

/** The cluster of the emulator has no security group, as one of AWS has. This stands in for it. */
export async function createSecurityGroup(name: string): Promise<string> {
  const answer = await call('/', {
    method: 'POST',
    headers: {
      Authorization: authorization('ec2'),
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: `Action=CreateSecurityGroup&Version=2016-11-15&GroupName=${name}&GroupDescription=${name}`,
  });
  return /<groupId>([^<]+)</.exec(answer)?.[1] as string;
}

export async function objectText(bucket: string, key: string): Promise<string> {
  return call(`/${bucket}/${key}`, { headers: { Authorization: authorization('s3') } });
}

export async function secretValue(name: string): Promise<string> {
  const answer = await call('/', {
    method: 'POST',
    headers: {
      Authorization: authorization('secretsmanager'),
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': 'secretsmanager.GetSecretValue',
    },
    body: JSON.stringify({ SecretId: name }),
  });
  return (JSON.parse(answer) as { SecretString: string }).SecretString;
}

async function call(path: string, request: RequestInit): Promise<string> {
  const response = await fetch(`${emulator}${path}`, request);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text;
}

/** The emulator reads the service off the signature and does not check it. */
function authorization(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}
