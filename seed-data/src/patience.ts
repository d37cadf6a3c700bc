import { pause } from './pause.ts';

/** Thrown for what keeps the votes from being cast at all; `message` says what to do. */
export class CannotBegin extends Error {
  /** Whether the same may succeed later. */
  readonly passing: boolean;

  constructor(message: string, { passing = false } = {}) {
    super(message);
    this.name = 'CannotBegin';
    this.passing = passing;
  }
}

const waitMs = 250;

/** Tries until it succeeds, fails for good, or `patienceMs` are over. @throws {CannotBegin} the last reason */
export async function insist<Outcome>(
  attempt: () => Promise<Outcome>,
  patienceMs: number,
  stopped: AbortSignal,
): Promise<Outcome> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const again = error instanceof CannotBegin && error.passing && performance.now() + waitMs <= until;
      if (!again || stopped.aborted) throw error;
    }
    await pause(waitMs, stopped);
  }
}
