import { VotingError } from '@voting/core';
import { createHttpServer, type Log, type RequestMetric, type Server, type Troubles } from '@voting/runtime';
import { type AccessConfig, createAccess } from './access.ts';
import { jsonIn } from './content.ts';
import { serveDescription } from './description.ts';
import type { Hosting } from './hosting.ts';
import { describeApi } from './openapi.ts';
import { pollOperations } from './operations/polls.ts';
import { roomOperations } from './operations/rooms.ts';
import { sessionOperations } from './operations/session.ts';
import { problemOf } from './problem.ts';
import { serveOperation, urlOf } from './serving.ts';

export type HostConfig = AccessConfig;

export interface HostDeps {
  readonly hosting: Hosting;
  readonly answered: RequestMetric;
  readonly log: Log;
  readonly troubles: Troubles;
  /** See `createHttpServer`. */
  readonly stopping?: AbortSignal | undefined;
}

/** Hosts are few; 26 long labels are 31 kB when each character is written as an escape. */
const largestBody = 64 * 1024;
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** The host service: an HTTP API for rooms and polls, and a page that describes it. */
export function createHostServer(config: HostConfig, deps: HostDeps): Server {
  const { hosting, answered, log, troubles, stopping } = deps;
  const server = createHttpServer(
    { trustProxy: config.trustProxy },
    {
      log,
      stopping,
      refuse(failure) {
        const { problem, answer } = problemOf(failure);
        if (problem.status >= 500) troubles(problem.code, failure);
        else log.debug({ code: problem.code }, 'request refused');
        return answer;
      },
    },
  );
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: largestBody },
    async (_request: unknown, body: string | Buffer) => jsonIn(String(body)),
  );
  server.addHook('onResponse', async (request, reply) => {
    answered(request.method, reply.statusCode, reply.elapsedTime / 1000);
  });

  const access = createAccess(config);
  const operations = [
    ...sessionOperations(access),
    ...roomOperations(hosting.rooms),
    ...pollOperations(hosting.polls),
  ];
  for (const operation of operations) serveOperation(server, operation, { access, log });
  serveDescription(server, describeApi(operations));

  for (const [path, served] of Map.groupBy(operations, (operation) => operation.path)) {
    refuseOthers(
      path,
      served.map(({ method }) => method),
    );
  }

  function refuseOthers(path: string, served: readonly string[]): void {
    const allowed = served.includes('GET') ? [...served, 'HEAD'] : served;
    server.route({
      method: methods.filter((method) => !allowed.includes(method)),
      url: urlOf(path),
      onRequest: async (_request, reply) => {
        reply.header('allow', allowed.join(', '));
        throw new VotingError('method_not_allowed');
      },
      handler: async () => undefined,
    });
  }

  return server;
}
