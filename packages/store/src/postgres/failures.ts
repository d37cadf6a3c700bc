import { VotingError } from '@voting/core';

/** Turns what a driver throws into what the port promises. */
export async function answer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw isUnstorable(cause) ? new VotingError('vote_unstorable', { cause }) : withoutVotes(cause);
  }
}

/** The same for work that brings no votes, which could be refused. */
export async function answerWithoutVotes<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw withoutVotes(cause);
  }
}

/** Whether it is the data that was refused: a data exception, or an integrity violation. */
export function isUnstorable(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error));
}

function withoutVotes(cause: unknown): VotingError {
  if (cause instanceof VotingError) return cause;
  if (isDenied(cause)) return new VotingError('store_denied', { detail: (cause as Error).message, cause });
  return new VotingError('store_unavailable', { cause });
}

/** Whether it is who asks that was refused: no log-in, no such database, or no right to what was asked. */
function isDenied(error: unknown): boolean {
  return /^(28|3D000$|42501$)/.test(sqlState(error));
}

function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
