import { readFileSync } from 'node:fs';
import { Refused } from '../program.ts';

/** The images that are published, and the workspace that each is made of. */
export const workspaceOfImage = {
  vote: 'vote',
  result: 'result',
  worker: 'worker',
  host: 'host',
  seed: 'seed-data',
} as const;

export type Service = keyof typeof workspaceOfImage;

export const services = Object.keys(workspaceOfImage) as readonly Service[];

/** An image as it is deployed: the digest decides, the tag is for people. */
export interface Image {
  readonly service: Service;
  /** With the registry, unless it is Docker Hub. */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

export function referenceOf({ repository, digest }: Image): string {
  return `${repository}@${digest}`;
}

/** The list that resolve-tags wrote. @throws {Refused} also when an image has no digest */
export function readImages(file: string): Image[] {
  let images: unknown;
  try {
    images = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Refused(`${file} cannot be read: ${(error as Error).message}`);
  }
  if (!Array.isArray(images) || images.length === 0 || !images.every(isImage)) {
    throw new Refused(`${file} is not a list of images with digests, as resolve-tags writes it.`);
  }
  return images;
}

function isImage(value: unknown): value is Image {
  const { service, repository, tag, digest } = (value ?? {}) as Record<string, unknown>;
  return (
    services.includes(service as Service) &&
    typeof repository === 'string' &&
    typeof tag === 'string' &&
    /^sha256:[0-9a-f]{64}$/.test(String(digest))
  );
}
