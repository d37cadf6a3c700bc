import { createHash } from 'node:crypto';
import { Refused } from '../program.ts';

export interface RegistryConfig {
  /** Host, with a port if need be; `docker.io` for Docker Hub. */
  readonly registry: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface Manifest {
  /** Computed here from the bytes that came, so it is the digest of this very content. */
  readonly digest: string;
  readonly content: {
    readonly mediaType?: string;
    readonly config?: { readonly digest: string };
    readonly manifests?: readonly {
      readonly digest: string;
      readonly platform?: { readonly os: string; readonly architecture: string };
    }[];
  };
}

/** A reader of an OCI registry (Distribution API v2), with Bearer tokens or Basic credentials as it asks. */
export interface Registry {
  /**
   * @param reference a tag or a digest
   * @returns undefined when the repository has no such manifest
   * @throws {Refused} when the registry refuses or does not answer
   */
  manifest(repository: string, reference: string): Promise<Manifest | undefined>;
  /** @throws {Refused} when it is not there or is not what its digest says */
  blob(repository: string, digest: string): Promise<string>;
}

const accepted = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const patienceMs = 20_000;

export function createRegistry({ registry, username, password }: RegistryConfig): Registry {
  const origin = originOf(registry);
  const tokens = new Map<string, string>();
  const basic =
    username !== undefined && password !== undefined
      ? `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
      : undefined;

  async function get(repository: string, path: string): Promise<Response> {
    const url = `${origin}/v2/${repository}/${path}`;
    const ask = () => {
      const authorization = tokens.get(repository);
      return request(url, { accept: accepted, ...(authorization === undefined ? {} : { authorization }) });
    };
    const answer = await ask();
    if (answer.status !== 401) return answer;
    tokens.set(repository, await authorize(repository, answer.headers.get('www-authenticate') ?? ''));
    return ask();
  }

  async function authorize(repository: string, challenge: string): Promise<string> {
    if (/^basic/i.test(challenge) && basic !== undefined) return basic;
    const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
    const realm = URL.parse(field('realm') ?? '');
    if (realm === null)
      throw new Refused(
        `${registry} wants credentials for ${repository}; set DOCKER_USERNAME and DOCKER_PASSWORD.`,
      );
    realm.searchParams.set('service', field('service') ?? '');
    realm.searchParams.set('scope', field('scope') ?? `repository:${repository}:pull`);
    const answer = await request(realm.href, basic === undefined ? {} : { authorization: basic });
    if (!answer.ok)
      throw new Refused(`${registry} refuses a token for ${repository}: HTTP ${answer.status}.`);
    const { token, access_token } = (await answer.json()) as { token?: string; access_token?: string };
    return `Bearer ${token ?? access_token}`;
  }

  return {
    async manifest(repository, reference) {
      const answer = await get(repository, `manifests/${reference}`);
      if (answer.status === 404) return undefined;
      const bytes = await bodyOf(answer, `${repository}:${reference}`);
      const digest = digestOf(bytes);
      const stated = reference.startsWith('sha256:')
        ? reference
        : answer.headers.get('docker-content-digest');
      if (stated !== null && stated !== digest) {
        throw new Refused(`${registry} sent for ${repository}:${reference} something else than ${stated}.`);
      }
      return { digest, content: JSON.parse(bytes.toString()) as Manifest['content'] };
    },
    async blob(repository, digest) {
      const bytes = await bodyOf(await get(repository, `blobs/${digest}`), `${repository}@${digest}`);
      if (digestOf(bytes) !== digest) throw new Refused(`${registry} sent something else than ${digest}.`);
      return bytes.toString();
    },
  };

  async function bodyOf(answer: Response, what: string): Promise<Buffer> {
    if (!answer.ok) throw new Refused(`${registry} answers HTTP ${answer.status} for ${what}.`);
    return Buffer.from(await answer.arrayBuffer());
  }

  async function request(url: string, headers: Record<string, string>): Promise<Response> {
    try {
      return await fetch(url, { headers, signal: AbortSignal.timeout(patienceMs) });
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      throw new Refused(`${registry} does not answer: ${cause instanceof Error ? cause.message : cause}`);
    }
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Registries on this machine speak plain HTTP, all others HTTPS. Docker Hub's API has a host of its own. */
function originOf(registry: string): string {
  if (registry === 'docker.io') return 'https://registry-1.docker.io';
  return /^(localhost|127\.0\.0\.1)(:|$)/.test(registry) ? `http://${registry}` : `https://${registry}`;
}
