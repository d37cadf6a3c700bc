import type { PGlite, Transaction } from '@electric-sql/pglite';
import type { Driver, Session } from '../driver.ts';

/** PGlite as a driver. It has one connection inside the process, so nothing is ever missed or reconnected. */
export function createPgliteDriver(database: PGlite): Driver {
  return {
    ...sessionOn(database),
    transaction: (work) => database.transaction((transaction) => work(sessionOn(transaction))),
    listen: (channel, hear) => database.listen(channel, hear),
    close: () => database.close(),
  };
}

function sessionOn(connection: Pick<Transaction, 'query' | 'exec'>): Session {
  return {
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await connection.query<Row>(sql, [...parameters])).rows;
    },
    async script(sql) {
      await connection.exec(sql);
    },
  };
}
