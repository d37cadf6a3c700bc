import { DescribeInstanceInformationCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { Refused } from '../program.ts';

export interface InstanceConfig {
  readonly environment: string;
  readonly instance: string;
  readonly pollMs: number;
  readonly onlineMs: number;
}

/**
 * The one instance of this name whose agent answers; waits for it, as a new one takes minutes. None at all
 * would be worse than a failure: a command for nobody counts as done.
 *
 * @returns its id
 * @throws {Refused}
 */
export async function findInstance(
  { environment, instance, pollMs, onlineMs }: InstanceConfig,
  ssm: SSMClient,
): Promise<string> {
  const filters = [
    { Key: 'tag:Name', Values: [instance] },
    { Key: 'tag:Environment', Values: [environment] },
  ];
  const until = Date.now() + onlineMs;
  for (;;) {
    const { InstanceInformationList: list = [] } = await ssm
      .send(new DescribeInstanceInformationCommand({ Filters: filters }))
      .catch((error: Error) => {
        throw new Refused(`SSM cannot be asked for ${instance}: ${error.message}`);
      });
    const [online, another] = list.filter(({ PingStatus }) => PingStatus === 'Online');
    if (another !== undefined) throw new Refused(`Several instances are named ${instance}.`);
    if (online?.InstanceId !== undefined) return online.InstanceId;
    if (Date.now() + pollMs >= until) {
      throw new Refused(
        `No instance named ${instance} is online in SSM, and none came within ${onlineMs / 60_000} min. ` +
          `Is the unit bastion of ${environment} applied? docs/SSM_SETUP.md says what its agent needs.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
