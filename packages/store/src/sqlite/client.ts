import { Worker } from 'node:worker_threads';
import { VotingError } from '@voting/core';
import { type Answer, type Call, type Database, opening } from './calls.ts';

/** The way to a database that another thread has. */
export interface Client {
  /** @throws {VotingError} */
  call<Name extends keyof Database>(
    name: Name,
    ...args: Parameters<Database[Name]>
  ): Promise<ReturnType<Database[Name]>>;
  /** Copies the database to a new file, as it is at one moment, while everything goes on. */
  backUp(file: string): Promise<void>;
  /** Closes the database behind what was asked before, and ends the thread. */
  close(): Promise<void>;
}

interface Asked {
  resolve(value: unknown): void;
  reject(error: VotingError): void;
}

/**
 * Starts a thread that opens the database in `folder`. Waiting for the disk then holds up nobody else.
 * A thread that ends by itself is a defect, and ends the process as any uncaught error does.
 *
 * @throws {VotingError} with one of the codes `data_folder_…`, or `schema_too_new`
 */
export async function startThread(folder: string): Promise<Client> {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: { folder },
    // flags of this process, such as a program on its command line, are not the thread's
    execArgv: [],
  });
  const asked = new Map<number, Asked>();
  let calls = opening;

  thread.on('message', (answer: Answer) => {
    const waiting = asked.get(answer.id);
    asked.delete(answer.id);
    if ('value' in answer) return waiting?.resolve(answer.value);
    const { code, ...reason } = answer.failure;
    waiting?.reject(new VotingError(code, reason));
  });

  function answerTo(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => asked.set(id, { resolve, reject }));
  }

  function send(call: Call): Promise<unknown> {
    const id = ++calls;
    const answer = answerTo(id);
    thread.postMessage({ id, ...call });
    return answer;
  }

  const ended = new Promise((resolve) => thread.once('exit', resolve));
  await answerTo(opening);
  return {
    call: (name, ...args) => send({ name, args } as Call) as ReturnType<Client['call']> as never,
    async backUp(file) {
      await send({ name: 'backUp', file });
    },
    async close() {
      await send({ name: 'close' });
      await ended;
    },
  };
}
