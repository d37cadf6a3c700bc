import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { expect, it } from 'vitest';
import { createArtifacts } from '../src/machine/artifacts.ts';
import { programs } from '../src/machine/programs.ts';
import { runRemotely } from '../src/machine/remote-command.ts';
import { bootstrap } from '../src/machine/script.ts';

const endpoint = process.env.AWS_ENDPOINT_URL;
const region = 'us-east-1';
Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
if (endpoint === undefined) {
  console.log('Not tested against an emulator of AWS: AWS_ENDPOINT_URL names none. Peers of our own are.');
}

// it runs nothing and succeeds at once, so this shows only that both speak the same protocol
it.skipIf(endpoint === undefined)('an emulator of AWS takes what a bastion is sent', async () => {
  const bucket = `artifacts-${randomUUID()}`;
  const s3 = new S3Client({ region, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const artifacts = createArtifacts(bucket, s3);
  const artifact = await artifacts.put('script.sh', Buffer.from("exec 'helm' 'version'\n"));
  expect(await artifacts.has(artifact.sha256)).toBe(true);
  expect(await artifacts.has('0'.repeat(64))).toBe(false);
  const outcome = await runRemotely(
    {
      instance: 'i-0123456789abcdef0',
      lines: bootstrap({ bucket, region, programs }, artifact, []),
      limitMs: 60_000,
    },
    { ssm: new SSMClient({ region }), pollMs: 100, graceMs: 10_000 },
  );
  expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: Contents[0]?.Key }));
  expect(await Body?.transformToString()).toBe("exec 'helm' 'version'\n");
});
