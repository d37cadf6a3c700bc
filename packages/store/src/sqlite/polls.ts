import type { DatabaseSync } from 'node:sqlite';
import type { Closing, HostedPoll, Poll, Room } from '@voting/core';
import { pollSteps } from '../poll-steps.ts';
import { readStatements } from '../statements.ts';
import type { Steps } from '../steps.ts';
import { inTransaction } from './transaction.ts';

/** What can be asked of the database; see the port for what it means. */
export interface Polls {
  declare(poll: Poll): HostedPoll;
  poll(id: string): HostedPoll | undefined;
  polls(room: string | undefined): readonly HostedPoll[];
  rooms(): readonly Room[];
  unsettled(): readonly string[];
  settle(poll: string, closing: Closing): boolean;
  keepPoll(poll: HostedPoll): HostedPoll;
  keepRoom(room: Room): Room;
}

/** Rooms and polls in an open, migrated database. */
export function createPolls(connection: DatabaseSync): Polls {
  const sql = readStatements('sqlite', []);

  function take<Outcome>(steps: Steps<Outcome>): Outcome {
    return inTransaction(connection, () => {
      let step = steps.next();
      while (!step.done) {
        const { name, parameters } = step.value;
        const numbered = Object.fromEntries(parameters.map((value, i) => [i + 1, value]));
        step = steps.next(connection.prepare(sql[name]).all(numbered));
      }
      return step.value;
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
  };
}
