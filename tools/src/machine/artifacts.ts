import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { HeadObjectCommand, NotFound, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Refused } from '../program.ts';
import type { Artifact } from './script.ts';

export interface Artifacts {
  /**
   * Uploads the content under its own checksum, so an object never changes.
   *
   * @throws {Refused}
   */
  put(name: string, content: Buffer): Promise<Artifact>;
  putFile(path: string): Promise<Artifact>;
  /** Whether there is content with this checksum. @throws {Refused} */
  has(sha256: string): Promise<boolean>;
}

/** Where content is, by its checksum. */
export function keyOf(sha256: string): string {
  return `artifacts/sha256/${sha256}`;
}

export function createArtifacts(bucket: string, s3: S3Client): Artifacts {
  async function put(name: string, content: Buffer): Promise<Artifact> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const key = keyOf(sha256);
    try {
      // also when it is there already: the bucket forgets what is old
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
    } catch (error) {
      throw new Refused(`${name} cannot be put into the bucket ${bucket}: ${(error as Error).message}`);
    }
    return { name, key, sha256 };
  }

  async function has(sha256: string): Promise<boolean> {
    try {
      await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: keyOf(sha256) }));
      return true;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw new Refused(`The bucket ${bucket} cannot be asked: ${(error as Error).message}`);
    }
  }

  return { has, put, putFile: (path) => put(basename(path), readFileSync(path)) };
}
