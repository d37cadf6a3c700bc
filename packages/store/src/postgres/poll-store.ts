import { type PollStore, VotingError } from '@voting/core';
import { pollSteps } from '../poll-steps.ts';
import { readStatements } from '../statements.ts';
import { changesOf, type Steps } from '../steps.ts';
import { channels, payloadOf } from './channels.ts';
import { answerWithoutVotes } from './failures.ts';
import type { Driver, Session } from './session.ts';

/** Rooms and polls on PostgreSQL 18. Expects a migrated schema. */
export function createPollStore(driver: Driver): PollStore {
  const sql = readStatements('postgres', ['notify']);

  async function takeAll<Outcome>(steps: Steps<Outcome>, session: Session): Promise<Outcome> {
    let step = steps.next();
    while (!step.done) {
      const { name, parameters } = step.value;
      const rows = await session.query(sql[name], parameters);
      for (const change of changesOf(step.value, rows)) {
        await session.query(sql.notify, [channels.definitions, payloadOf(change)]);
      }
      step = steps.next(rows);
    }
    return step.value;
  }

  function inTransaction<Outcome>(begin: () => Steps<Outcome>): Promise<Outcome> {
    return answerWithoutVotes(() => driver.transaction((session) => takeAll(begin(), session)));
  }

  return {
    async declare(poll) {
      for (;;) {
        try {
          return await inTransaction(() => pollSteps.declare(poll));
        } catch (error) {
          // another worker declares at the same time
          if (!(error instanceof VotingError && error.code === 'changed_meanwhile')) throw error;
        }
      }
    },
    poll: (id) => inTransaction(() => pollSteps.poll(id)),
    polls: (room) => inTransaction(() => pollSteps.polls(room)),
    rooms: () => inTransaction(() => pollSteps.rooms()),
    unsettled: () => inTransaction(() => pollSteps.unsettled()),
    settle: (poll, closing) => inTransaction(() => pollSteps.settle(poll, closing)),
    keepPoll: (poll) => inTransaction(() => pollSteps.keepPoll(poll)),
    keepRoom: (room) => inTransaction(() => pollSteps.keepRoom(room)),
    removePoll: (poll) => inTransaction(() => pollSteps.removePoll(poll)),
    removeRoom: (room) => inTransaction(() => pollSteps.removeRoom(room)),
    erase: (votes) => inTransaction(() => pollSteps.erase(votes)),
    definitions: () => inTransaction(() => pollSteps.definitions()),
    unannounced: () => inTransaction(() => pollSteps.unannounced()),
    announced: (definitions) => inTransaction(() => pollSteps.announced(definitions)),
  };
}
