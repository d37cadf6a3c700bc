import type { Definition } from '../definition.ts';

/** Where the queue makes rooms and polls known to those who serve voters, who have no store to ask. */
export interface Definitions {
  /**
   * Makes them known to whoever follows. Of two for one room or poll the higher revision holds, so that it does not
   * matter how often or in which order they are posted.
   *
   * @throws {VotingError} `queue_unavailable`, when some may be known and others not; to be posted again
   */
  post(definitions: readonly Definition[]): Promise<void>;
}
