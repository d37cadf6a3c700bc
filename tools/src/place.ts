import { readPostgresSettings } from '@voting/store/postgres';
import type { PostgresClient } from './postgres/client.ts';

/** Where the votes are: in a data folder of the product in one process, or in PostgreSQL. */
export type Place =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'postgres'; readonly client: PostgresClient };

/**
 * Finds the place as `recount` does: the PostgreSQL of DATABASE_URL or POSTGRES_HOST, else DATA_DIR.
 *
 * @param via the words before `pg_dump` and `psql` when they run elsewhere; without an address in
 *   `env` they then talk to the PostgreSQL beside them
 */
export function placeOf(env: NodeJS.ProcessEnv, via: string | undefined): Place {
  const prefix = via?.split(/\s+/).filter((word) => word !== '') ?? [];
  const addressed = env.DATABASE_URL !== undefined || env.POSTGRES_HOST !== undefined;
  if (!addressed && prefix.length === 0) return { kind: 'folder', folder: env.DATA_DIR ?? './data' };
  const beside = { user: env.POSTGRES_USER ?? 'postgres', dbname: env.POSTGRES_DB ?? 'postgres' };
  if (!addressed) return { kind: 'postgres', client: { prefix, connection: beside, environment: env } };
  const { host, port, user, password, database, sslMode } = readPostgresSettings(1)(env);
  return {
    kind: 'postgres',
    client: {
      prefix,
      connection: {
        host,
        port: String(port),
        user,
        dbname: database,
        sslmode: sslMode,
        ...(env.POSTGRES_SSL_CA_FILE !== undefined && { sslrootcert: env.POSTGRES_SSL_CA_FILE }),
      },
      environment: { ...env, ...(password !== undefined && { PGPASSWORD: password }) },
    },
  };
}
