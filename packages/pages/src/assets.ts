import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

export interface Assets {
  /** The address of a file, which changes with the content of any of them. */
  url(name: string): string;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  // browsers go by the type, not by the name, so modules import each other as they are written
  '.ts': 'text/javascript; charset=utf-8',
};

/** What all pages share: the style, the languages, and what their scripts have in common. */
const shared = ['../assets/', './languages/', './browser/'].map((folder) => new URL(folder, import.meta.url));

interface File {
  readonly type: string;
  readonly body: string;
  readonly compressed: Buffer;
}

/**
 * Serves the files of `folders`, and what pages share, under `/assets/`, TypeScript without its types.
 * The version in the address lets browsers keep a file for good. A file is found under any version,
 * so that a page from a replica of the previous release still gets its style from this one.
 */
export function serveAssets(server: FastifyInstance, folders: readonly URL[]): Assets {
  const files = new Map<string, File>();
  for (const folder of [...shared, ...folders]) {
    for (const name of readdirSync(folder)) {
      const type = contentTypes[extname(name)];
      if (type === undefined) continue;
      const source = readFileSync(new URL(name, folder), 'utf8');
      const body = name.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
      files.set(name, { type, body, compressed: gzipSync(body) });
    }
  }
  const version = versionOf(files);

  server.get<{ Params: { version: string; name: string } }>(
    '/assets/:version/:name',
    async (request, reply) => {
      const file = files.get(request.params.name);
      if (file === undefined) return reply.callNotFound();
      const current = request.params.version === version;
      reply.header('cache-control', current ? 'public, max-age=31536000, immutable' : 'no-cache');
      reply.type(file.type).header('vary', 'accept-encoding');
      if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(file.body);
      return reply.header('content-encoding', 'gzip').send(file.compressed);
    },
  );

  return { url: (name) => `/assets/${version}/${name}` };
}

function versionOf(files: ReadonlyMap<string, { readonly body: string }>): string {
  const hash = createHash('sha256');
  for (const [name, { body }] of files) hash.update(name).update(body);
  return hash.digest('hex').slice(0, 12);
}
