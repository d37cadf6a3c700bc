import type { PollStore, StoreChange, VoteStore } from '@voting/core';
import { batchesOf, type PollBatch } from '../batch.ts';
import { startThread } from './client.ts';
import type { Polls } from './polls.ts';
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
  const listeners = new Set<(change: StoreChange) => void>();

  function tell(change: StoreChange): void {
    for (const listener of listeners) listener(change);
  }

  async function ask<Name extends keyof Polls>(name: Name, ...args: Parameters<Polls[Name]>) {
    const { outcome, changes } = await call(name, ...args);
    for (const change of changes) tell(change);
    return outcome as ReturnType<Polls[Name]>['outcome'];
  }

  return {
    declare: (poll) => ask('declare', poll),
    poll: (id) => ask('poll', id),
    polls: (room) => ask('polls', room),
    rooms: () => ask('rooms'),
    unsettled: () => ask('unsettled'),
    settle: (poll, closing) => ask('settle', poll, closing),
    keepPoll: (poll) => ask('keepPoll', poll),
    keepRoom: (room) => ask('keepRoom', room),
    removePoll: (poll) => ask('removePoll', poll),
    removeRoom: (room) => ask('removeRoom', room),
    erase: (votes) => ask('erase', votes),
    definitions: () => ask('definitions'),
    unannounced: () => ask('unannounced'),
    announced: (definitions) => ask('announced', definitions),
    async record(votes) {
      if (votes.length === 0) return { added: 0, changed: 0, stale: 0 };
      const { moved, ...recorded } = await call('record', batchesOf(votes).map(toThread));
      for (const poll of moved) tell({ of: 'tally', poll });
      return recorded;
    },
    wouldStore: (vote) => call('wouldStore', batchesOf([vote]).map(toThread)),
    snapshot: (polls) => call('snapshot', polls),
    timeline: (poll, since) => call('timeline', poll, since),
    newestSequence: () => call('newestSequence'),
    async onChange(listener) {
      listeners.add(listener);
      return async () => {
        listeners.delete(listener);
      };
    },
    beat: (worker, backlog) => call('beat', worker, backlog),
    recountable: () => call('recountable'),
    recount: (poll, repair) => call('recount', poll, repair),
    backUp,
    close,
  };
}

/** As it travels at the least cost. */
function toThread({ sequences, ...batch }: PollBatch): Batch {
  return { ...batch, sequences: BigInt64Array.from(sequences) };
}
