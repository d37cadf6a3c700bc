import { S3Client } from '@aws-sdk/client-s3';
import { DescribeInstanceInformationCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Refused } from '../program.ts';
import { createArtifacts } from './artifacts.ts';
import type { CommandOptions, Machine, Outcome } from './machine.ts';
import { runRemotely } from './remote-command.ts';
import { bootstrap, commandScript, type ScriptConfig } from './script.ts';

export interface BastionConfig extends ScriptConfig {
  /** The instance's id, or the Name tag that only it has. */
  readonly instance: string;
  readonly pollMs: number;
}

export interface Bastion extends Machine {
  /** Runs a whole script of the caller's own, beside the given files. */
  runScript(script: string, options: CommandOptions): Promise<Outcome>;
}

/** Twice what SSM grants the agent to begin. */
const graceMs = 240_000;

/** A machine without any open port: files reach it through the bucket, commands through SSM. */
export function createBastion(config: BastionConfig): Bastion {
  const { bucket, region, pollMs } = config;
  const ssm = new SSMClient({ region });
  // a bucket in the path rather than in the host name works everywhere, emulators included
  const artifacts = createArtifacts(bucket, new S3Client({ region, forcePathStyle: true }));
  let found: Promise<string> | undefined;

  async function runScript(text: string, { files = [], limitMs }: CommandOptions): Promise<Outcome> {
    found ??= findInstance(ssm, config.instance);
    const instance = await found;
    const script = await artifacts.put('script.sh', Buffer.from(text));
    const beside = await Promise.all(files.map(artifacts.putFile));
    return runRemotely(
      { instance, lines: bootstrap(config, script, beside), limitMs },
      { ssm, pollMs, graceMs },
    );
  }

  return { runScript, run: (command, options) => runScript(commandScript(command), options) };
}

/** Exactly one instance that answers, or a sentence: a command for nobody would count as done. */
async function findInstance(ssm: SSMClient, instance: string): Promise<string> {
  if (/^i-[0-9a-f]+$/.test(instance)) return instance;
  const { InstanceInformationList: list = [] } = await ssm
    .send(new DescribeInstanceInformationCommand({ Filters: [{ Key: 'tag:Name', Values: [instance] }] }))
    .catch((error: Error) => {
      throw new Refused(`SSM cannot be asked for ${instance}: ${error.message}`);
    });
  const [online, another] = list.filter(({ PingStatus }) => PingStatus === 'Online');
  if (online?.InstanceId === undefined) throw new Refused(`No instance named ${instance} is online in SSM.`);
  if (another !== undefined) throw new Refused(`Several instances are named ${instance}.`);
  return online.InstanceId;
}
