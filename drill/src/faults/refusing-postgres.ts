import { query } from '../../../tests/servers/postgres.ts';
import type { System } from '../system.ts';
import type { Fault } from './fault.ts';

/** PostgreSQL runs, but ends the connections, lets nobody in, or takes no writes, as in a failover. */
export function refusingPostgres({ postgres, databaseUrl }: System): Fault[] {
  const { url } = postgres.server;
  const database = new URL(databaseUrl).pathname.slice(1);
  const endConnections = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`;
  const whole = { target: postgres.name, holds: [postgres.name] };

  async function setReadOnly(statement: string): Promise<void> {
    await query(url, statement);
    await query(url, 'SELECT pg_reload_conf()');
  }

  return [
    {
      ...whole,
      kind: 'PostgreSQL refuses connections',
      lastsMs: [300, 5_000],
      async inject() {
        await query(url, `ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
        await query(url, endConnections);
        return async () => {
          await query(url, `ALTER DATABASE ${database} ALLOW_CONNECTIONS true`);
        };
      },
    },
    {
      ...whole,
      kind: 'PostgreSQL ends its connections',
      lastsMs: [0, 0],
      async inject() {
        await query(url, endConnections);
        return async () => {};
      },
    },
    {
      ...whole,
      kind: 'PostgreSQL read-only',
      lastsMs: [300, 5_000],
      async inject() {
        await setReadOnly('ALTER SYSTEM SET default_transaction_read_only = on');
        return () => setReadOnly('ALTER SYSTEM RESET default_transaction_read_only');
      },
    },
  ];
}
