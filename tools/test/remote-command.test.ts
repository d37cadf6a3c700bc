import { SSMClient } from '@aws-sdk/client-ssm';
import { expect, it } from 'vitest';
import { runRemotely } from '../src/machine/remote-command.ts';
import { startAws } from './aws-peer.ts';

it('a command that never ends is cancelled, and a failure', async () => {
  const aws = await startAws({ status: 'Success', details: 'Success', code: 0, afterMs: 3_600_000 });
  const ssm = new SSMClient({
    region: 'eu-central-1',
    endpoint: String(aws.env.AWS_ENDPOINT_URL),
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const command = { instance: 'i-0123456789', lines: ['sleep infinity'], limitMs: 500 };
  await expect(runRemotely(command, { ssm, pollMs: 100, graceMs: 500 })).rejects.toThrow(
    'The command command-0 on i-0123456789 gave no result in time and was cancelled.',
  );
  expect(aws.cancelled).toEqual(['command-0']);
  await aws.close();
});
