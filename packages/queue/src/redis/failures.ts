import { VotingError } from '@voting/core';

/** Why an append failed, as its caller knows it. */
export function asAppendFailure(cause: unknown): VotingError {
  const full = cause instanceof Error && cause.message.startsWith('OOM');
  return new VotingError(full ? 'queue_full' : 'queue_unavailable', { cause });
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
