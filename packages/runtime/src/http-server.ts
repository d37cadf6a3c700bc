import { randomBytes } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type Server as NodeServer,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  fastify,
  LogController,
} from 'fastify';
import { boundConnections } from './connections.ts';
import { closeGate } from './gate.ts';
import { createSettleHost } from './host.ts';
import type { Log } from './log.ts';
import { CannotStart } from './service.ts';

export type Server = FastifyInstance;

/** What is sent back, whichever server sends it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The one way in which a service says no. What was not understood by this server carries its status as
 * `statusCode`.
 *
 * @param request undefined when what came was none
 */
export type Refuse = (failure: unknown, request: IncomingMessage | undefined) => Answer;

/** Looks at a request before the framework does. Returns whether it takes it; then it must answer. */
export type FirstHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface HttpServerConfig {
  /** Addresses whose X-Forwarded-Host is believed, separated by commas. */
  readonly trustProxy: string | false;
}

export interface HttpServerDeps {
  readonly log: Log;
  readonly refuse: Refuse;
  /**
   * Aborted when the service turns not ready. From then on each answer ends its connection, so that clients who keep
   * theirs go elsewhere before it is closed under their next request.
   */
  readonly stopping?: AbortSignal | undefined;
  /** For requests that come by the ten thousand a second, on which a framework would spend more than on what is asked. */
  readonly first?: FirstHandler;
}

/** Long enough for a phone on a bad line, short enough that slow senders don't hold connections. */
const requestTimeout = 10_000;
/** Above the 60 s of load balancers, or they would send requests on connections that are being closed. */
const keepAliveTimeout = 72_000;
const sweepEveryMs = 50;

/**
 * An HTTP server with the manners that all our pages share: limits on size, time and connections, a host
 * that was looked at, security headers, every refusal from `refuse`, a request id for the log, no log line
 * for each request. No page of ours takes a body; what does is a `first` handler.
 *
 * @param mostConnections a viewer takes 20 to 30 kB, so more would end the memory of a small container
 */
export function createHttpServer(
  config: HttpServerConfig,
  { log, refuse, stopping, first }: HttpServerDeps,
  mostConnections = 10_000,
): Server {
  const prefix = randomBytes(4).toString('hex');
  let requests = 0;
  let closing = false;

  function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): NodeServer {
    return createServer(
      {
        requestTimeout,
        headersTimeout: requestTimeout,
        keepAliveTimeout,
        connectionsCheckingInterval: 1_000,
        // two hosts are then one that cannot be
        joinDuplicateHeaders: true,
        // Node would answer in its own words; the gate looks at the host anyway
        requireHostHeader: false,
      },
      (request, response) => {
        // or the server would wait for a connection that its client keeps for later
        if (closing || stopping?.aborted) response.shouldKeepAlive = false;
        if (first === undefined || !first(request, response)) handle(request, response);
      },
    );
  }

  const server = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => `${prefix}-${++requests}`,
    serverFactory: serve,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => {
      void answer(reply.headers(securityHeaders), refuse(error, request.raw));
    },
    clientErrorHandler: (error, socket) => refuseBytes(error, socket),
  });

  /** Bytes that are no request, or too late or too long for one. */
  function refuseBytes(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code !== 'ECONNRESET' && socket.writable) {
      socket.write(written(refuse({ statusCode: statusOf(error) }, undefined)));
    }
    socket.destroy(error);
  }

  const connections = boundConnections(server.server, mostConnections);
  const settleHost = createSettleHost(config.trustProxy);
  server.addHook('onReady', async () => {
    closeGate(server.server, {
      request(request, response) {
        connections.used(request.socket);
        if (settleHost(request)) return true;
        const { status, headers, body } = refuse({ statusCode: 400 }, request);
        response.writeHead(status, lastHeaders({ headers, body })).end(body);
        return false;
      },
      upgrade(request: IncomingMessage, socket: Duplex) {
        connections.upgraded(request.socket);
        if (settleHost(request)) return true;
        // Node has let go of it, and whoever has left would end the process
        socket.on('error', () => {}).end(written(refuse({ statusCode: 400 }, request)));
        return false;
      },
    });
  });
  server.addHook('preClose', async () => {
    closing = true;
    // those whose request was under way before become idle one by one
    const sweep = setInterval(() => server.server.closeIdleConnections(), sweepEveryMs);
    server.server.once('close', () => clearInterval(sweep));
  });
  server.addHook('onSend', async (request, reply) => {
    reply.headers(securityHeaders);
    // what is left of a body is not worth reading
    if (!request.raw.complete && announcesBody(request.raw)) reply.header('connection', 'close');
  });
  // whatever claims to be in a body, nobody reads it
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _body, done) => done(null));
  server.setNotFoundHandler(async (request, reply) =>
    answer(reply, refuse({ statusCode: 404 }, request.raw)),
  );
  server.setErrorHandler(async (error, request, reply) => answer(reply, refuse(error, request.raw)));
  server.get('/healthz', async () => 'ok');
  return server;
}

/** Without one a request is over with its headers, although Node says so only a moment later. */
function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function answer(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

/** The status that says why bytes were not understood, from Node's own errors. */
function statusOf({ code }: NodeJS.ErrnoException): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

/** An answer as it goes over the wire, where nobody else writes it; the connection ends with it. */
function written({ status, headers, body }: Answer): string {
  const lines = Object.entries(lastHeaders({ headers, body })).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}

function lastHeaders({ headers, body }: Omit<Answer, 'status'>) {
  const length = Buffer.byteLength(body);
  return { ...securityHeaders, ...headers, 'content-length': length, connection: 'close' };
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
