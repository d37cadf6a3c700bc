import type { PollStore, VoteStore } from '@voting/core';
import type { PostgresConfig } from './config.ts';
import { createPostgresDriver } from './driver.ts';
import { createEmptying, type Emptying, type EmptyingConfig } from './empty.ts';
import { answerWithoutVotes } from './failures.ts';
import { checkSchema, migrate } from './migrate.ts';
import { createPollStore } from './poll-store.ts';
import { type Prepared, prepare, type RolePasswords } from './roles.ts';
import type { Driver } from './session.ts';
import { createVoteStore } from './vote-store.ts';

export type { PostgresConfig } from './config.ts';
export { migrationLock } from './migrate.ts';
export { type Prepared, type RolePasswords, roles } from './roles.ts';
export { readPostgresSettings, readRolePasswords } from './settings.ts';
export { recountStatements } from './vote-store.ts';

/** A store that any number of services share. */
export interface PostgresStore extends PollStore, VoteStore {
  /**
   * Brings the schema up to date, or, where that is not ours to do, resolves when somebody else has; to be
   * called until it succeeds, before anything else.
   *
   * @throws {VotingError} `store_unavailable` and `store_denied`, or `schema_too_new` and `store_foreign`, which waiting does not mend
   */
  migrate(): Promise<void>;
  /**
   * For those who only read: resolves when the schema is up to date. Changes nothing.
   *
   * @throws {VotingError} as `migrate` does; `store_unavailable` also while nobody has migrated
   */
  checkSchema(): Promise<void>;
}

/** @param onError told of connections that broke while nobody waited for an answer */
export function createPostgresStore(config: PostgresConfig, onError: (error: Error) => void): PostgresStore {
  const driver = createPostgresDriver(config, onError);
  return {
    ...createPollStore(driver),
    ...createVoteStore(driver),
    migrate: () => answerWithoutVotes(() => unhurried(config, onError, migrate)).then(() => {}),
    // no index follows the sequences, which would cost every vote something
    newestSequence: () => unhurried(config, onError, (driver) => createVoteStore(driver).newestSequence()),
    checkSchema: () => answerWithoutVotes(() => checkSchema(driver)),
  };
}

/**
 * Makes the roles of the services and gives them these passwords and their rights, and brings the schema up to
 * date. To be called as the owner of the database.
 *
 * @throws {VotingError} as `migrate` of the store does
 */
export async function prepareStore(config: PostgresConfig, passwords: RolePasswords): Promise<Prepared> {
  return answerWithoutVotes(() =>
    unhurried(
      config,
      () => {},
      (driver) => prepare(driver, passwords),
    ),
  );
}

/** A store that can be emptied; to be called as the owner of the tables. Both methods fail as `migrate` of the store does. */
export function openEmptying(
  config: PostgresConfig,
  emptying: EmptyingConfig,
): Emptying & { close(): Promise<void> } {
  const driver = createPostgresDriver({ ...config, statementDeadlineMs: 0 }, () => {});
  const { look, empty } = createEmptying(driver, emptying);
  return {
    look: () => answerWithoutVotes(look),
    empty: (others) => answerWithoutVotes(() => empty(others)),
    close: () => driver.close(),
  };
}

/** For what takes the longer the more votes there are. */
async function unhurried<T>(
  config: PostgresConfig,
  onError: (error: Error) => void,
  work: (driver: Driver) => Promise<T>,
): Promise<T> {
  const driver = createPostgresDriver({ ...config, connections: 1, statementDeadlineMs: 0 }, onError);
  return work(driver).finally(() => driver.close());
}
