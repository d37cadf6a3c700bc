import { createViews, languages, serveAssets } from '@voting/pages';
import type { Server } from '@voting/runtime';
import type { OpenApiDocument } from './openapi.ts';

/** Serves what the API is, to programs at `/api/openapi.json` and to people at `/`. */
export function serveDescription(server: Server, document: OpenApiDocument): void {
  const assets = serveAssets(server, [new URL('../assets/', import.meta.url)]);
  const views = createViews(new URL('./views/', import.meta.url));
  const [english] = languages;
  const page = views('api', { texts: english, assets, document });

  server.get('/api/openapi.json', async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(document),
  );
  server.get('/', async (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page),
  );
}
