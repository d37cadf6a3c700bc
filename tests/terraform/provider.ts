import { globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startServerProcess } from '../servers/server-process.ts';
import { providers } from './terraform.ts';

/** The AWS provider, running. */
export interface Provider {
  /** For Terraform, so that it uses this one. */
  readonly env: Readonly<Record<'TF_REATTACH_PROVIDERS', string>>;
  stop(): Promise<void>;
}

/**
 * Starts the AWS provider in the way that is made for debuggers. Terraform by itself starts one several times
 * for each command, and most of the time that a command takes would go there. What the provider is configured
 * with it is for every command at once, so those that run side by side must agree on it.
 */
export async function startProvider(env: Readonly<Record<string, string>> = {}): Promise<Provider> {
  const provider = await startServerProcess(
    // the provider cannot be configured with authorities of one's own twice, and an emulator needs none
    { command: newestProgram(), args: ['-debug'], env: { ...env, AWS_CA_BUNDLE: '' } },
    /TF_REATTACH_PROVIDERS='(.+)'/,
  );
  return {
    env: { TF_REATTACH_PROVIDERS: provider.said[1] as string },
    async stop() {
      await provider.signal('SIGKILL');
      await provider.ended;
    },
  };
}

/** What Terraform would choose of those it fetched. */
function newestProgram(): string {
  const versions = globSync(join(providers, '*/hashicorp/aws/*/*'));
  const [newest] = versions.sort((one, other) => other.localeCompare(one, 'en', { numeric: true }));
  const name = readdirSync(newest as string).find((file) => file.startsWith('terraform-provider-aws_'));
  return join(newest as string, name as string);
}
