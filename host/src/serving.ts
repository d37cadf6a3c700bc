import type { IncomingMessage } from 'node:http';
import type { Log, Server } from '@voting/runtime';
import type { Access } from './access.ts';
import { contentOf } from './content.ts';
import { etagOf, seenIn } from './if-match.ts';
import type { Operation } from './operation.ts';

export interface ServingDeps {
  readonly access: Access;
  readonly log: Log;
}

/** Serves an operation to those who may, checks what comes and goes, and logs what was done. */
export function serveOperation(server: Server, operation: Operation, { access, log }: ServingDeps): void {
  const { method, path, hostsOnly, ifMatch, body, bodyOptional, status, reply: answer } = operation;
  const hosts = new WeakMap<IncomingMessage, string>();

  server.route({
    method,
    url: urlOf(path),
    // before its body is read
    onRequest: async ({ raw }) => {
      access.expectOwnSite(raw);
      if (hostsOnly) hosts.set(raw, access.hostOf(raw));
    },
    handler: async (request, reply) => {
      const by = hosts.get(request.raw) ?? '';
      const sent = bodyOptional ? (request.body ?? {}) : request.body;
      const outcome = await operation.handle({
        by,
        params: request.params as Readonly<Record<string, string>>,
        seen: seenIn(request.headers['if-match'], ifMatch),
        body: body && contentOf(body, sent),
        request: request.raw,
      });
      if (outcome.did !== undefined) {
        const { what, ...about } = outcome.did;
        log.info({ by, ...about }, what);
      }
      reply
        .code(status)
        .header('cache-control', 'no-store')
        .headers(outcome.headers ?? {});
      if (outcome.revision !== undefined) reply.header('etag', etagOf(outcome.revision));
      return answer === undefined ? reply.send() : reply.send(answer.parse(outcome.body));
    },
  });
}

/** A path as the framework writes it. */
export function urlOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
