import { Refused } from '../program.ts';
import type { Registry } from './registry.ts';
import type { Image, Service } from './services.ts';

export interface Wanted {
  readonly service: Service;
  /** `latest`, or a tag that does not move: `sha-…` or a release. */
  readonly tag: string;
}

export interface ResolveConfig {
  /** What stands before `/v2/` paths' repository names, such as `alice` of `docker.io/alice/vote`. */
  readonly namespace: string;
  /** How a reference to the registry begins in a manifest; empty for Docker Hub. */
  readonly prefix: string;
}

/**
 * Finds what each tag stands for now: a digest, and for `latest` the `sha-…` tag with that same digest.
 * All faults are reported together.
 *
 * @throws {Refused} never falls back to another tag
 */
export async function resolveTags(
  wanted: readonly Wanted[],
  { namespace, prefix }: ResolveConfig,
  registry: Registry,
): Promise<Image[]> {
  const outcomes = await Promise.allSettled(
    wanted.map(async ({ service, tag }): Promise<Image> => {
      const name = `${namespace}/${service}`;
      return { service, repository: `${prefix}${name}`, ...(await resolve(name, tag, registry)) };
    }),
  );
  const faults = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
  for (const fault of faults) if (!(fault instanceof Refused)) throw fault;
  if (faults.length > 0) throw new Refused(faults.map(({ message }) => message).join('\n'));
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

async function resolve(
  name: string,
  tag: string,
  registry: Registry,
): Promise<{ tag: string; digest: string }> {
  const manifest = await registry.manifest(name, tag);
  if (manifest === undefined) throw new Refused(`${name}:${tag} does not exist.`);
  const { digest } = manifest;
  if (tag !== 'latest') return { tag, digest };

  const revision = await revisionOf(name, manifest, registry);
  const fixed = `sha-${revision.slice(0, 7)}`;
  const twin = await registry.manifest(name, fixed);
  if (twin === undefined)
    throw new Refused(`${name}:latest is of commit ${revision}, but ${name}:${fixed} does not exist.`);
  if (twin.digest !== digest)
    throw new Refused(`${name}:latest is ${digest}, but ${name}:${fixed} is ${twin.digest}.`);
  return { tag: fixed, digest };
}

type Found = NonNullable<Awaited<ReturnType<Registry['manifest']>>>;

/** The commit that the image was built from, as its label says; of an index, that of its first platform. */
async function revisionOf(name: string, { content }: Found, registry: Registry): Promise<string> {
  // an index also lists attestations, whose platform is unknown
  const platform = content.manifests?.find(({ platform }) => platform?.os === 'linux');
  if (platform !== undefined) {
    const manifest = await registry.manifest(name, platform.digest);
    if (manifest === undefined)
      throw new Refused(`${name}:latest lists ${platform.digest}, which does not exist.`);
    return revisionOf(name, { ...manifest, content: { ...manifest.content, manifests: [] } }, registry);
  }
  if (content.config === undefined) throw new Refused(`${name}:latest is not an image for Linux.`);
  const blob = JSON.parse(await registry.blob(name, content.config.digest)) as {
    config?: { Labels?: Record<string, string> | null };
  };
  const revision = blob.config?.Labels?.['org.opencontainers.image.revision'] ?? '';
  if (!/^[0-9a-f]{40}$/.test(revision)) {
    throw new Refused(
      `${name}:latest does not say of which commit it is (label org.opencontainers.image.revision).`,
    );
  }
  return revision;
}
