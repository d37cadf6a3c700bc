import { VotingError } from '@voting/core';
import { ErrorReply } from 'redis';
import { NotSent } from './connection.ts';

/** Why an append failed, as a voter is told. */
export function asAppendFailure(cause: unknown): VotingError {
  const full = cause instanceof Error && cause.message.startsWith('OOM');
  return new VotingError(full ? 'queue_full' : 'queue_unavailable', { cause });
}

/** Whether it is certain already that a command which failed like this has no effect. */
export function isSettled(error: unknown): boolean {
  return error instanceof ErrorReply || error instanceof NotSent;
}

/** Why the queue cannot be used, as its operator is told. */
export function asFailure(cause: unknown): VotingError {
  return new VotingError(isForeign(cause) ? 'queue_foreign' : 'queue_unavailable', { cause });
}

/** Whether what Redis holds under the name is no stream: the queue of the well-known example voting app is a list. */
function isForeign(error: unknown): boolean {
  return error instanceof Error && error.message.includes('WRONGTYPE');
}

/** Whether Redis knows no such group: the stream is new, or Redis has lost it. */
export function isGroupMissing(error: unknown): boolean {
  const signs = /^(NOGROUP|UNBLOCKED the stream key no longer exists|ERR no such key)/;
  return error instanceof Error && signs.test(error.message);
}
