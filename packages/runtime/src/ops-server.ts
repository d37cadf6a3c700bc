import { fastify } from 'fastify';
import { listen, type Server } from './http-server.ts';
import type { Opened } from './service.ts';

/** Whatever can tell metrics: a registry, or several in one. */
export interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/**
 * Serves `/healthz` (the process answers), `/readyz` (it can do its work) and `/metrics` on a port of
 * their own, so that none of them is published with the pages.
 */
export async function openOpsServer(
  port: number,
  source: MetricsSource,
  { closing, readiness }: Opened,
): Promise<void> {
  const server: Server = fastify({ logger: false });
  server.get('/healthz', async () => 'ok');
  server.get('/readyz', async (_request, reply) => {
    reply.code(readiness.ready() ? 200 : 503);
    return readiness.parts();
  });
  server.get('/metrics', async (_request, reply) => {
    reply.type(source.contentType);
    return source.metrics();
  });
  closing.add('ops server', () => server.close());
  await listen(server, port, 'OPS_PORT');
}
