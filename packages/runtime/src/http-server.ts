import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
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

/** Looks at a request before the framework does. Returns whether it takes it; then it must answer. */
export type FirstHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Long enough for a phone on a bad line, short enough that slow senders don't hold connections. */
const requestTimeout = 10_000;
/** Above the 60 s of load balancers, or they would send requests on connections that are being closed. */
const keepAliveTimeout = 72_000;
const sweepEveryMs = 50;

/** More are turned away, so that a flood ends before the memory does: a viewer takes 20 to 30 kB. */
const mostConnections = 10_000;

/**
 * An HTTP server with the manners that all our pages share: limits on size and time, security
 * headers, a request id for the log, no log line for each request.
 *
 * @param first for requests that come by the ten thousand a second, on which a framework would spend
 *   more than on what is asked
 */
export function createHttpServer(config: HttpServerConfig, log: Log, first?: FirstHandler): Server {
  const prefix = randomBytes(4).toString('hex');
  let requests = 0;
  let closing = false;
  const server = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => `${prefix}-${++requests}`,
    bodyLimit: config.bodyLimit,
    trustProxy: config.trustProxy,
    serverFactory: (handle) =>
      createServer(
        {
          requestTimeout,
          headersTimeout: requestTimeout,
          keepAliveTimeout,
          connectionsCheckingInterval: 1_000,
        },
        (request, response) => {
          // or the server would wait for a connection that its client keeps for later
          if (closing) response.shouldKeepAlive = false;
          if (first === undefined || !first(request, response)) handle(request, response);
        },
      ),
    routerOptions: { maxParamLength: 200 },
  });
  server.server.maxConnections = mostConnections;
  server.addHook('preClose', async () => {
    closing = true;
    // those whose request was under way before become idle one by one
    const sweep = setInterval(() => server.server.closeIdleConnections(), sweepEveryMs);
    server.server.once('close', () => clearInterval(sweep));
  });
  server.addHook('onSend', async (_request, reply) => {
    reply.headers(securityHeaders);
  });
  server.get('/healthz', async () => 'ok');
  return server;
}

/** No inline script or style, nothing from elsewhere, not to be framed. */
export const securityHeaders = {
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
