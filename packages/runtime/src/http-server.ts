import { randomBytes } from 'node:crypto';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Log } from './log.ts';
import { CannotStart } from './service.ts';

export type Server = FastifyInstance;

export interface HttpServerConfig {
  /** Bytes a request body may have. */
  readonly bodyLimit: number;
  /** Addresses whose X-Forwarded-For is believed, as Fastify's `trustProxy` takes them. */
  readonly trustProxy: string | false;
}

/** Long enough for a phone on a bad line, short enough that slow senders don't hold connections. */
const requestTimeout = 10_000;

/**
 * An HTTP server with the manners that all our pages share: limits on size and time, security
 * headers, a request id for the log, no log line for each request.
 */
export function createHttpServer(config: HttpServerConfig, log: Log): Server {
  const prefix = randomBytes(4).toString('hex');
  let requests = 0;
  const server = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => `${prefix}-${++requests}`,
    bodyLimit: config.bodyLimit,
    trustProxy: config.trustProxy,
    requestTimeout,
    http: { headersTimeout: requestTimeout, connectionsCheckingInterval: 1_000 },
    routerOptions: { maxParamLength: 200 },
  });
  let closing = false;
  server.addHook('preClose', async () => {
    closing = true;
  });
  server.addHook('onSend', async (_request, reply) => {
    reply.headers(securityHeaders);
    // or the server would wait for a connection that its client keeps for later
    if (closing) reply.header('connection', 'close');
  });
  server.get('/healthz', async () => 'ok');
  return server;
}

/** No inline script or style, nothing from elsewhere, not to be framed. */
const securityHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  // forms still send their Origin to us, other sites learn nothing
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * Starts listening on every address.
 *
 * @returns the port, which matters when `port` is 0
 * @throws {CannotStart} when the port is taken or not allowed; `variable` is what to set instead
 */
export async function listen(server: Server, port: number, variable: string): Promise<number> {
  try {
    await server.listen({ port, host: '::' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EAFNOSUPPORT') {
      await server.listen({ port, host: '0.0.0.0' });
    } else if (code === 'EADDRINUSE') {
      throw new CannotStart(`Port ${port} is taken. Stop what uses it, or set ${variable} to another port.`, {
        cause,
      });
    } else if (code === 'EACCES') {
      throw new CannotStart(
        `Port ${port} is not allowed to this user. Set ${variable} to a port above 1023.`,
        { cause },
      );
    } else throw cause;
  }
  const address = server.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
