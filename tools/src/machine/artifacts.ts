import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Failure } from '../program/program.ts';
import type { Artifact } from './script.ts';

export interface Artifacts {
  /** Uploads what is not there yet. An object never changes: its key is the checksum of its content. */
  put(name: string, content: Buffer): Promise<Artifact>;
  putFile(path: string): Promise<Artifact>;
  /** @returns undefined when there is no such object */
  read(key: string): Promise<string | undefined>;
}

export function createArtifacts(bucket: string, s3: S3Client): Artifacts {
  async function put(name: string, content: Buffer): Promise<Artifact> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const key = `artifacts/sha256/${sha256}`;
    try {
      if (!(await exists(key)))
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
    } catch (error) {
      throw new Failure(`${name} cannot be put into the bucket ${bucket}: ${(error as Error).message}`);
    }
    return { name, key, sha256 };
  }

  async function exists(key: string): Promise<boolean> {
    try {
      await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFound') return false;
      throw error;
    }
  }

  return {
    put,
    putFile: (path) => put(basename(path), readFileSync(path)),
    async read(key) {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return await Body?.transformToString();
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
  };
}
