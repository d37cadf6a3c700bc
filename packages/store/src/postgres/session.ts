/** What the store needs of a PostgreSQL client. Failures carry the SQLSTATE as `code` when there is one. */
export interface Session {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** Runs several statements, without parameters or rows. */
  script(sql: string): Promise<void>;
}

/** Told what was sent on a channel; without a payload, that something may have been missed on any. */
export type Hear = (channel: string, payload: string | undefined) => void;

export interface Driver extends Session {
  /** Commits when `work` is fulfilled and rolls back when it is rejected. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * Calls `hear` with each payload sent on one of `channels`, and without one whenever some may have been
   * missed. One connection is enough for all. When the promise is fulfilled, whatever commits from then on is heard.
   */
  listen(channels: readonly string[], hear: Hear): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
