import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { Refused } from '../program.ts';
import type { Environment } from './environments.ts';

/** What Terraform has made for an environment, as its unit facts writes it. */
const shape = z.object({
  vpcId: z.string().startsWith('vpc-'),
  backupBucket: z.string().min(1),
  /** Null when the stores run in the cluster. */
  managedStores: z
    .object({ postgresqlHost: z.string(), redisHost: z.string(), cidrs: z.array(z.string()) })
    .nullable(),
  /** Null when nobody has a zone in Route 53. */
  domain: z
    .object({
      zoneId: z.string(),
      voteHost: z.string(),
      resultHost: z.string(),
      hostHost: z.string(),
      certificateArn: z.string(),
    })
    .nullable(),
});

export type Facts = z.infer<typeof shape>;

/** @throws {Refused} when they are not there, or are not what this version knows */
export async function readFacts({ name }: Environment, region: string): Promise<Facts> {
  const parameter = `/voting-app/${name}/facts`;
  const advice = `Apply the unit facts of ${name}.`;
  const ssm = new SSMClient({ region });
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter })).catch((error: Error) => {
    if (error instanceof ParameterNotFound) throw new Refused(`There is no ${parameter}. ${advice}`);
    throw new Refused(`${parameter} cannot be read: ${error.message}`);
  });
  const known = shape.safeParse(parsed(Parameter?.Value));
  if (!known.success)
    throw new Refused(`${parameter} is not as expected: ${z.prettifyError(known.error)}\n${advice}`);
  return known.data;
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
