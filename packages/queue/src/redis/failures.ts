import { VotingError } from '@voting/core';
import { ErrorReply } from 'redis';
import { NotSent } from './connection.ts';

/** Why an append failed, as its caller knows it. */
export function asAppendFailure(cause: unknown): VotingError {
  const full = cause instanceof Error && cause.message.startsWith('OOM');
  return new VotingError(full ? 'queue_full' : 'queue_unavailable', { cause });
}

/** Whether it is certain already that a command which failed like this has no effect. */
export function isSettled(error: unknown): boolean {
  return error instanceof ErrorReply || error instanceof NotSent;
}

/** Why a consumer failed, as its caller knows it. */
export function asConsumerFailure(cause: unknown): VotingError {
  return new VotingError('queue_unavailable', { cause });
}

/** Whether Redis knows no such group: the stream is new, or Redis has lost it. */
export function isGroupMissing(error: unknown): boolean {
  const signs = /^(NOGROUP|UNBLOCKED the stream key no longer exists|ERR no such key)/;
  return error instanceof Error && signs.test(error.message);
}
