import { readFileSync } from 'node:fs';
import { choice, type Environment, InvalidSettings, text, variables, wholeNumber } from '@voting/runtime';
import type { PostgresConfig } from './config.ts';
import type { RolePasswords } from './roles.ts';

/** Long enough for the largest batch on a busy server. */
const deadlineMs = 10_000;
const sslModes = ['disable', 'require', 'verify-full'] as const;

const readVariables = variables(
  {
    DATABASE_URL: text().optional(),
    POSTGRES_HOST: text().optional(),
    POSTGRES_PORT: wholeNumber(1, 65_535).prefault('5432'),
    POSTGRES_USER: text().default('postgres'),
    POSTGRES_PASSWORD: text().optional(),
    POSTGRES_DB: text().default('postgres'),
    POSTGRES_SSLMODE: choice(...sslModes).default('disable'),
    POSTGRES_SSL_CA_FILE: text().optional(),
  },
  { secrets: ['DATABASE_URL', 'POSTGRES_PASSWORD'] },
);

/**
 * A reader of `DATABASE_URL`, or of `POSTGRES_HOST` and its companions.
 *
 * @param connections how many the service may use at once for queries
 */
export function readPostgresSettings(connections: number): (env: Environment) => PostgresConfig {
  return (env) => {
    const settings = readVariables(env);
    const sslAuthorities = authorities(settings.POSTGRES_SSL_CA_FILE);
    const rest = { sslAuthorities, connections, deadlineMs, statementDeadlineMs: deadlineMs };
    if (settings.DATABASE_URL !== undefined) return { ...fromUrl(settings.DATABASE_URL), ...rest };
    if (settings.POSTGRES_HOST === undefined) {
      throw new InvalidSettings(['POSTGRES_HOST: missing (or set DATABASE_URL)']);
    }
    return {
      host: settings.POSTGRES_HOST,
      port: settings.POSTGRES_PORT,
      user: settings.POSTGRES_USER,
      password: settings.POSTGRES_PASSWORD,
      database: settings.POSTGRES_DB,
      sslMode: settings.POSTGRES_SSLMODE,
      ...rest,
    };
  };
}

const passwordVariables = [
  'POSTGRES_WORKER_PASSWORD',
  'POSTGRES_READER_PASSWORD',
  'POSTGRES_HOSTS_PASSWORD',
] as const;

const readPasswords = variables(
  {
    POSTGRES_WORKER_PASSWORD: text().optional(),
    POSTGRES_READER_PASSWORD: text().optional(),
    POSTGRES_HOSTS_PASSWORD: text().optional(),
  },
  { secrets: passwordVariables },
);

/** What the services log in with; undefined where one user does everything. */
export function readRolePasswords(env: Environment): RolePasswords | undefined {
  const passwords = readPasswords(env);
  const {
    POSTGRES_WORKER_PASSWORD: worker,
    POSTGRES_READER_PASSWORD: reader,
    POSTGRES_HOSTS_PASSWORD: host,
  } = passwords;
  if (worker !== undefined && reader !== undefined && host !== undefined) return { worker, reader, host };
  const missing = passwordVariables.filter((name) => passwords[name] === undefined);
  if (missing.length === passwordVariables.length) return undefined;
  throw new InvalidSettings(missing.map((name) => `${name}: missing (set all three passwords, or none)`));
}

function fromUrl(
  text: string,
): Pick<PostgresConfig, 'host' | 'port' | 'user' | 'password' | 'database' | 'sslMode'> {
  const url = URL.parse(text);
  const sslMode = sslModes.find((mode) => mode === (url?.searchParams.get('sslmode') ?? 'disable'));
  if (
    url === null ||
    !/^postgres(ql)?:$/.test(url.protocol) ||
    url.hostname === '' ||
    sslMode === undefined
  ) {
    throw new InvalidSettings([
      `DATABASE_URL: must be postgres://user:password@host:port/database, with ?sslmode= one of ${sslModes.join(', ')}`,
    ]);
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username) || 'postgres',
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
    sslMode,
  };
}

function authorities(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidSettings([`POSTGRES_SSL_CA_FILE: cannot be read (${(error as Error).message})`]);
  }
}
