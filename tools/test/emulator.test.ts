import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { createBastion } from '../src/machine/bastion.ts';

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
  const bastion = createBastion({
    instance: 'i-0123456789abcdef0',
    bucket,
    region,
    cluster: 'voting-prod',
    pollMs: 100,
  });
  const outcome = await bastion.run(['helm', 'version'], { limitMs: 60_000 });
  expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: Contents[0]?.Key }));
  expect(await Body?.transformToString()).toBe("exec 'helm' 'version'\n");
});
