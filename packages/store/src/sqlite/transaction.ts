import type { DatabaseSync } from 'node:sqlite';

/** Commits when `work` returns and rolls back when it, or the commit, fails. */
export function inTransaction<T>(connection: DatabaseSync, work: () => T): T {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const outcome = work();
    connection.exec('COMMIT');
    return outcome;
  } catch (error) {
    // some failures, such as a full disk, have ended it already
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
