import { parentPort, workerData } from 'node:worker_threads';
import { beginBackup } from './backup.ts';
import { type Answer, type Call, opening, type Sent } from './calls.ts';
import { openDatabase } from './database.ts';
import { failure } from './failures.ts';
import { createPolls } from './polls.ts';
import { createVotes } from './votes.ts';

/** The thread that has the database: it opens the one in the folder it is given, and answers calls. */

const port = parentPort;
if (port === null) throw new Error('This is started by a thread of the store, not by itself.');

function answer(id: number, outcome: { value: unknown } | { error: unknown }): void {
  if ('value' in outcome) {
    port?.postMessage({ id, value: outcome.value } satisfies Answer);
    return;
  }
  const { code, detail, cause } = failure(outcome.error);
  port?.postMessage({ id, failure: { code, detail, cause } } satisfies Answer);
}

async function open() {
  const database = await openDatabase(workerData.folder);
  const asked = { ...createPolls(database.connection), ...createVotes(database.connection) };
  let backupBegun: Promise<void> | undefined;

  return async (call: Call): Promise<unknown> => {
    await backupBegun;
    if (call.name === 'close') return database.close();
    if (call.name === 'backUp') {
      const { begun, done } = beginBackup(database.connection, call.file);
      backupBegun = begun;
      return done;
    }
    // the type of a call pairs each name with its arguments, which TypeScript cannot follow here
    return (asked[call.name] as (...args: unknown[]) => unknown)(...call.args);
  };
}

try {
  const perform = await open();
  port.on('message', async ({ id, ...call }: Sent) => {
    try {
      answer(id, { value: await perform(call) });
    } catch (error) {
      answer(id, { error });
    }
    if (call.name === 'close') port.close();
  });
  answer(opening, { value: undefined });
} catch (error) {
  answer(opening, { error });
}
