import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { account, region } from '../aws-emulator.ts';
import { copyModules, init, terraformOrThrow, writeJson } from '../terraform.ts';
import type { Statement } from './evaluate.ts';

export interface Roles {
  /** The statements of each role that GitHub's jobs can have, by its last name. */
  readonly roles: ReadonlyMap<string, readonly Statement[]>;
  /** What limits every role that the modules make. */
  readonly boundary: readonly Statement[];
}

interface Planned {
  readonly planned_values: {
    readonly root_module: {
      readonly resources: readonly {
        readonly type: string;
        readonly index?: string;
        readonly values: { readonly policy?: string };
      }[];
    };
  };
}

/** Nothing of the module has to be asked of AWS before it is planned. */
const provider = `provider "aws" {
  region                      = "${region}"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
`;

/** The policies of an environment as Terraform would make them. */
export async function rolesOf(
  environment: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Roles> {
  const modules = copyModules();
  const folder = join(modules, 'github-oidc');
  try {
    writeFileSync(join(folder, 'provider.tf'), provider);
    writeJson(join(folder, 'terraform.tfvars.json'), {
      environment,
      region,
      account_id: account,
      github_repository: 'owner@1/voting-app@2',
      state_bucket: `voting-app-terraform-state-${account}`,
      ...more,
    });
    await init(folder);
    await terraformOrThrow(folder, ['plan', '-out=plan']);
    const shown = await terraformOrThrow(folder, ['show', '-json', 'plan']);
    const line = shown.split('\n').find((text) => text.startsWith('{')) as string;
    const { resources } = (JSON.parse(line) as Planned).planned_values.root_module;
    const policies = resources.filter(({ type }) => type === 'aws_iam_policy');
    const roles = new Map<string, readonly Statement[]>();
    for (const { index, values } of policies) {
      if (index === undefined) continue;
      const role = index.split('-')[0] as string;
      roles.set(role, [...(roles.get(role) ?? []), ...statementsOf(values.policy)]);
    }
    const boundary = policies.find(({ index }) => index === undefined);
    return { roles, boundary: statementsOf(boundary?.values.policy) };
  } finally {
    rmSync(modules, { recursive: true, force: true });
  }
}

function statementsOf(policy: string | undefined): Statement[] {
  return (JSON.parse(policy ?? '') as { Statement: Statement[] }).Statement;
}
