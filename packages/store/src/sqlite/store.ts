import type { PollStore, VoteStore } from '@voting/core';
import { batchesOf, type PollBatch } from '../batch.ts';
import { startThread } from './client.ts';
import type { Batch } from './votes.ts';

export { answerBackupRequests, requestBackup } from './backup-requests.ts';
export { fileNames, hasVotes, makeFolder, markOpen, syncFolder } from './data-folder.ts';
export { expectUnused } from './database.ts';

/** A store in a folder, for one process. */
export interface SqliteStore extends PollStore, VoteStore {
  /**
   * Copies the database to `file`, which must not exist, as it is at one moment, while votes go on.
   *
   * @throws {VotingError} `store_unavailable`
   */
  backUp(file: string): Promise<void>;
}

/**
 * Opens the SQLite database in `folder`, made and migrated if need be, in a thread of its own. What is
 * recorded survives the end of the process, however it ends, and a power failure.
 *
 * @throws {VotingError} with one of the codes `data_folder_…`, or `schema_too_new`
 */
export async function openSqliteStore(folder: string): Promise<SqliteStore> {
  const { call, backUp, close } = await startThread(folder);
  const listeners = new Map<() => void, string>();

  return {
    declare: (poll) => call('declare', poll),
    poll: (id) => call('poll', id),
    polls: (room) => call('polls', room),
    rooms: () => call('rooms'),
    unsettled: () => call('unsettled'),
    settle: (poll, closing) => call('settle', poll, closing),
    keepPoll: (poll) => call('keepPoll', poll),
    keepRoom: (room) => call('keepRoom', room),
    async record(votes) {
      if (votes.length === 0) return { added: 0, changed: 0, stale: 0 };
      const { moved, ...recorded } = await call('record', batchesOf(votes).map(toThread));
      for (const [listener, poll] of listeners) if (moved.includes(poll)) listener();
      return recorded;
    },
    wouldStore: (vote) => call('wouldStore', batchesOf([vote]).map(toThread)),
    snapshot: (poll) => call('snapshot', poll),
    newestSequence: () => call('newestSequence'),
    async onChange(poll, listener) {
      listeners.set(listener, poll);
      return async () => {
        listeners.delete(listener);
      };
    },
    beat: (worker, backlog) => call('beat', worker, backlog),
    recount: (poll, repair) => call('recount', poll, repair),
    backUp,
    close,
  };
}

/** As it travels at the least cost. */
function toThread({ sequences, ...batch }: PollBatch): Batch {
  return { ...batch, sequences: BigInt64Array.from(sequences) };
}
