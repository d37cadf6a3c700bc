import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type ClientBase, Pool, type PoolClient, type QueryResultRow } from 'pg';
import type { PostgresConfig } from './config.ts';
import { clientOptions } from './config.ts';
import { startListening, startSuspecting } from './listening.ts';
import type { Driver, Session } from './session.ts';

/** "cannot execute LISTEN during recovery" */
const cannotOnReplica = '25006';

/** How long closing waits for what is under way. */
const closeMs = 2_000;

/**
 * PostgreSQL as a driver. It connects when first asked to and again after every failure: a connection
 * on which anything failed is not used again, so that after a failover the name is looked up anew.
 *
 * @param onError told of connections that broke while nobody waited for an answer
 */
export function createPostgresDriver(config: PostgresConfig, onError: (error: Error) => void): Driver {
  const pool = new Pool({ ...clientOptions(config), max: config.connections });
  pool.on('error', onError);
  // a connection in use has no listener of the pool's; without one its end would end the process
  pool.on('connect', (client) => client.on('error', () => {}));
  const names = new Map<string, string>();

  /** Prepared statements are known by name on each connection; the name follows from the text. */
  function nameOf(sql: string): string {
    const known = names.get(sql);
    if (known !== undefined) return known;
    const name = createHash('sha256').update(sql).digest('hex').slice(0, 16);
    names.set(sql, name);
    return name;
  }

  function sessionOn(connection: Pool | ClientBase): Session {
    return {
      async query<Row>(sql: string, parameters: readonly unknown[] = []) {
        const statement = { name: nameOf(sql), text: sql, values: [...parameters] };
        // the port's rows are plain objects, which pg spells with an index signature
        return (await connection.query<Row & QueryResultRow>(statement)).rows;
      },
      async script(sql) {
        await connection.query(sql);
      },
    };
  }

  async function transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client: PoolClient = await pool.connect();
    try {
      await client.query('BEGIN');
      const outcome = await work(sessionOn(client));
      await client.query('COMMIT');
      client.release();
      return outcome;
    } catch (error) {
      // ending the connection is a rollback that cannot fail
      client.release(true);
      throw error;
    }
  }

  return {
    ...sessionOn(pool),
    transaction,
    async listen(channels, hear) {
      try {
        return await startListening(config, channels, hear, onError);
      } catch (error) {
        if ((error as { code?: string }).code !== cannotOnReplica) throw error;
        return startSuspecting(() => hear('', undefined));
      }
    },
    async close() {
      // a server that is gone may keep a connection busy until its deadline
      await Promise.race([pool.end(), pause(closeMs, undefined, { ref: false })]);
    },
  };
}
