import type { Log } from './log.ts';

/** What was opened, to be closed in reverse order. */
export interface Closing {
  /** Call right after opening something; `close` may take its time. */
  add(name: string, close: () => Promise<unknown> | unknown): void;
  /** Closes everything, each step even when the one before it failed. Rejects with the first failure. */
  close(): Promise<void>;
}

export function createClosing(log: Log): Closing {
  const steps: { name: string; close: () => Promise<unknown> | unknown }[] = [];
  return {
    add(name, close) {
      steps.push({ name, close });
    },
    async close() {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step.close();
          log.debug({ step: step.name }, 'closed');
        } catch (error) {
          log.error({ step: step.name, err: error }, 'could not be closed');
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
