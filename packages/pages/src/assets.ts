import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
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

/** The style that all pages share. */
const shared = new URL('../assets/', import.meta.url);

/**
 * Serves the files of `folders`, and the shared style, under `/assets/`, TypeScript without its types.
 * The version in the address lets browsers keep a file for good. A file is found under any version,
 * so that a page from a replica of the previous release still gets its style from this one.
 */
export function serveAssets(server: FastifyInstance, folders: readonly URL[]): Assets {
  const files = new Map<string, { readonly type: string; readonly body: string }>();
  for (const folder of [shared, ...folders]) {
    for (const name of readdirSync(folder)) {
      const type = contentTypes[extname(name)];
      if (type === undefined) continue;
      const source = readFileSync(new URL(name, folder), 'utf8');
      files.set(name, { type, body: name.endsWith('.ts') ? stripTypeScriptTypes(source) : source });
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
      return reply.type(file.type).send(file.body);
    },
  );

  return { url: (name) => `/assets/${version}/${name}` };
}

function versionOf(files: ReadonlyMap<string, { readonly body: string }>): string {
  const hash = createHash('sha256');
  for (const [name, { body }] of files) hash.update(name).update(body);
  return hash.digest('hex').slice(0, 12);
}
