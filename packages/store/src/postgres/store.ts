import { type VoteStore, VotingError } from '@voting/core';
import { migrate } from '../migrate.ts';
import { createVoteStore } from '../vote-store.ts';
import type { PostgresConfig } from './config.ts';
import { createPostgresDriver } from './driver.ts';

export { migrationLock } from '../migrate.ts';
export type { PostgresConfig } from './config.ts';
export { readPostgresSettings } from './settings.ts';

/** A store that any number of services share. Whoever starts first migrates it. */
export interface PostgresStore extends VoteStore {
  /**
   * Brings the schema up to date; to be called until it succeeds, before anything else.
   *
   * @throws {VotingError} `store_unavailable`, or `schema_too_new`, which waiting does not mend
   */
  migrate(): Promise<void>;
}

/** @param onError told of connections that broke while nobody waited for an answer */
export function createPostgresStore(config: PostgresConfig, onError: (error: Error) => void): PostgresStore {
  const driver = createPostgresDriver(config, onError);
  return {
    ...createVoteStore(driver),
    async migrate() {
      try {
        await migrate(driver);
      } catch (cause) {
        throw cause instanceof VotingError ? cause : new VotingError('store_unavailable', { cause });
      }
    },
  };
}
