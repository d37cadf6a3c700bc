import type { DatabaseSync } from 'node:sqlite';
import type { Closing, Definition, DefinitionChange, HostedPoll, Poll, Room } from '@voting/core';
import { pollSteps } from '../poll-steps.ts';
import { readStatements } from '../statements.ts';
import { changesOf, type Steps } from '../steps.ts';
import { inTransaction } from './transaction.ts';

/** What a call has led to, and of which rooms and polls others must hear. */
export interface Taken<Outcome> {
  readonly outcome: Outcome;
  readonly changes: readonly DefinitionChange[];
}

/** What can be asked of the database; see the port for what it means. */
export interface Polls {
  declare(poll: Poll): Taken<HostedPoll | undefined>;
  poll(id: string): Taken<HostedPoll | undefined>;
  polls(room: string | undefined): Taken<readonly HostedPoll[]>;
  rooms(): Taken<readonly Room[]>;
  unsettled(): Taken<readonly string[]>;
  settle(poll: string, closing: Closing): Taken<boolean>;
  keepPoll(poll: HostedPoll): Taken<HostedPoll>;
  keepRoom(room: Room): Taken<Room>;
  removePoll(poll: HostedPoll): Taken<void>;
  removeRoom(room: Room): Taken<void>;
  erase(votes: number): Taken<boolean>;
  definitions(): Taken<readonly Definition[]>;
  unannounced(): Taken<readonly Definition[]>;
  announced(definitions: readonly Definition[]): Taken<void>;
}

/** Rooms and polls in an open, migrated database. */
export function createPolls(connection: DatabaseSync): Polls {
  const sql = readStatements('sqlite', []);

  function take<Outcome>(steps: Steps<Outcome>): Taken<Outcome> {
    return inTransaction(connection, () => {
      const changes: DefinitionChange[] = [];
      let step = steps.next();
      while (!step.done) {
        const { name, parameters } = step.value;
        const numbered = Object.fromEntries(parameters.map((value, i) => [i + 1, value]));
        const rows = connection.prepare(sql[name]).all(numbered);
        changes.push(...changesOf(step.value, rows));
        step = steps.next(rows);
      }
      return { outcome: step.value, changes };
    });
  }

  return {
    declare: (poll) => take(pollSteps.declare(poll)),
    poll: (id) => take(pollSteps.poll(id)),
    polls: (room) => take(pollSteps.polls(room)),
    rooms: () => take(pollSteps.rooms()),
    unsettled: () => take(pollSteps.unsettled()),
    settle: (poll, closing) => take(pollSteps.settle(poll, closing)),
    keepPoll: (poll) => take(pollSteps.keepPoll(poll)),
    keepRoom: (room) => take(pollSteps.keepRoom(room)),
    removePoll: (poll) => take(pollSteps.removePoll(poll)),
    removeRoom: (room) => take(pollSteps.removeRoom(room)),
    erase: (votes) => take(pollSteps.erase(votes)),
    definitions: () => take(pollSteps.definitions()),
    unannounced: () => take(pollSteps.unannounced()),
    announced: (definitions) => take(pollSteps.announced(definitions)),
  };
}
