import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './listen.ts';

type Stored = { readonly type: string; readonly bytes: Buffer };

export interface RegistryPeer {
  /** Host and port, as a registry is named. */
  readonly host: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** Stores an image under the tags. @returns the digest that the tags stand for */
  push(repository: string, tags: readonly string[], image: PushedImage): string;
  close(): Promise<void>;
}

export interface PushedImage {
  readonly revision: string | undefined;
  /** Several make an index with an attestation, as Buildx pushes it; one a plain manifest. */
  readonly platforms: readonly string[];
}

const index = 'application/vnd.oci.image.index.v1+json';
const manifest = 'application/vnd.oci.image.manifest.v1+json';

/**
 * A small OCI registry on a port of its own. With `token`, it hands out that token to whoever has the
 * user name and password alice:secret, and wants it for every read.
 */
export async function startRegistry({ token }: { token?: string } = {}): Promise<RegistryPeer> {
  const manifests = new Map<string, Stored>();
  const blobs = new Map<string, Stored>();
  const asked: string[] = [];

  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url?.startsWith('/token')) return grant(request, response);
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      const realm = `Bearer realm="http://${host}/token",service="peer",scope="repository:x:pull"`;
      return response.writeHead(401, { 'www-authenticate': realm }).end();
    }
    const [, name, kind, reference] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(request.url ?? '') ?? [];
    const found = (kind === 'blobs' ? blobs : manifests).get(`${name} ${reference}`);
    if (found === undefined) return response.writeHead(404).end('{"errors":[]}');
    response.writeHead(200, { 'content-type': found.type, 'docker-content-digest': digestOf(found.bytes) });
    return response.end(found.bytes);
  });
  const { host, close } = await listen(server);

  function grant(request: IncomingMessage, response: ServerResponse): void {
    const known = request.headers.authorization === `Basic ${Buffer.from('alice:secret').toString('base64')}`;
    response.writeHead(known ? 200 : 401).end(known ? JSON.stringify({ token }) : '{}');
  }

  function store(where: Map<string, Stored>, repository: string, type: string, content: unknown): string {
    const bytes = Buffer.from(JSON.stringify(content));
    where.set(`${repository} ${digestOf(bytes)}`, { type, bytes });
    return digestOf(bytes);
  }

  return {
    host,
    asked,
    close,
    push(repository, tags, { revision, platforms }) {
      const children = platforms.map((platform) => {
        const [os, architecture] = platform.split('/');
        const Labels = revision === undefined ? null : { 'org.opencontainers.image.revision': revision };
        const config = store(blobs, repository, 'application/json', { os, architecture, config: { Labels } });
        const content = { schemaVersion: 2, mediaType: manifest, config: { digest: config }, layers: [] };
        return {
          digest: store(manifests, repository, manifest, content),
          mediaType: manifest,
          platform: { os, architecture },
        };
      });
      const attestation = store(manifests, repository, manifest, { schemaVersion: 2, layers: ['sbom'] });
      const unknown = { os: 'unknown', architecture: 'unknown' };
      const digest =
        platforms.length === 1
          ? (children[0]?.digest ?? '')
          : store(manifests, repository, index, {
              schemaVersion: 2,
              mediaType: index,
              manifests: [{ digest: attestation, mediaType: manifest, platform: unknown }, ...children],
            });
      const pushed = manifests.get(`${repository} ${digest}`);
      for (const tag of tags) if (pushed !== undefined) manifests.set(`${repository} ${tag}`, pushed);
      return digest;
    },
  };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
