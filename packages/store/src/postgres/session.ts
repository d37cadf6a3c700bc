/** What the store needs of a PostgreSQL client. Failures carry the SQLSTATE as `code` when there is one. */
export interface Session {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** Runs several statements, without parameters or rows. */
  script(sql: string): Promise<void>;
}

export interface Driver extends Session {
  /** Commits when `work` is fulfilled and rolls back when it is rejected. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * Calls `hear` with each payload sent on `channel`, and with undefined whenever some may have been
   * missed. When the promise is fulfilled, whatever commits from then on is heard.
   */
  listen(channel: string, hear: (payload: string | undefined) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
