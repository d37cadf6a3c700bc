import type { ClientConfig } from 'pg';

export interface PostgresConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** `require` encrypts; `verify-full` also checks who the server is. */
  readonly sslMode: 'disable' | 'require' | 'verify-full';
  /** Certificates (PEM) of the authorities to trust instead of the system's. */
  readonly sslAuthorities: string | undefined;
  /** Connections for queries; one more is used for listening. */
  readonly connections: number;
  /** Milliseconds after which a connection attempt counts as failed. */
  readonly deadlineMs: number;
  /** Milliseconds after which a statement does; 0 for no limit. */
  readonly statementDeadlineMs: number;
}

/** The same for every connection that is made. */
export function clientOptions(config: PostgresConfig): ClientConfig {
  return {
    host: config.host,
    port: config.port,
    user: config.user,
    password: config.password,
    database: config.database,
    ssl: tls(config),
    application_name: 'voting-app',
    connectionTimeoutMillis: config.deadlineMs,
    // counted here, because a server that is gone cannot count; the server's own limit ends what it still runs
    query_timeout: config.statementDeadlineMs,
    statement_timeout: config.statementDeadlineMs,
    // what has no limit ends too when the peer is gone
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

function tls({ sslMode, sslAuthorities }: PostgresConfig): ClientConfig['ssl'] {
  if (sslMode === 'disable') return false;
  return {
    rejectUnauthorized: sslMode === 'verify-full',
    ...(sslAuthorities !== undefined && { ca: sslAuthorities }),
  };
}
