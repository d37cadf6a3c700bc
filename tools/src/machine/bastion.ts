import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createArtifacts } from './artifacts.ts';
import { findInstance } from './instance.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import type { CommandOptions, Machine, Outcome } from './machine.ts';
import { handOver } from './programs.ts';
import { runRemotely } from './remote-command.ts';
import { bootstrap, commandScript, type ScriptConfig } from './script.ts';

export interface BastionConfig extends ScriptConfig {
  readonly environment: string;
  /** The Name tag that only this instance has in its environment. */
  readonly instance: string;
  /** The EKS cluster that kubectl and helm talk to. */
  readonly cluster: string;
  readonly pollMs: number;
  /** Milliseconds in which a new instance has to appear in Session Manager. */
  readonly onlineMs: number;
}

export interface Bastion extends Machine {
  /** Runs a whole script of the caller's own, beside the given files. */
  runScript(script: string, options: CommandOptions): Promise<Outcome>;
}

/** Twice what SSM grants the agent to begin, and what a first boot may take. */
const graceMs = 540_000;

/** A machine without any open port: files reach it through the bucket, commands through SSM. */
export function createBastion(config: BastionConfig): Bastion {
  const { bucket, cluster, programs, region, pollMs } = config;
  const ssm = new SSMClient({ region });
  // a bucket in the path rather than in the host name works everywhere, emulators included
  const artifacts = createArtifacts(bucket, new S3Client({ region, forcePathStyle: true }));
  let opened: ReturnType<typeof open> | undefined;

  /** Once for all commands. */
  async function open() {
    const instance = await findInstance(config, ssm);
    const kubeconfig = await artifacts.putFile(await writeKubeconfig(cluster, region));
    for (const program of programs) await handOver(program, artifacts);
    return { instance, kubeconfig };
  }

  async function runScript(text: string, { files = [], limitMs }: CommandOptions): Promise<Outcome> {
    opened ??= open();
    const { instance, kubeconfig } = await opened;
    const script = await artifacts.put('script.sh', Buffer.from(text));
    const beside = await Promise.all(files.map(artifacts.putFile));
    return runRemotely(
      { instance, lines: bootstrap(config, script, [kubeconfig, ...beside]), limitMs },
      { ssm, pollMs, graceMs },
    );
  }

  return { runScript, run: (command, options) => runScript(commandScript(command), options) };
}
