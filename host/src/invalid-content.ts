import { type ErrorCode, type Fault, VotingError } from '@voting/core';

/** One thing that is wrong with what a host sends. */
export interface ContentFault extends Omit<Fault, 'code'> {
  readonly code:
    | Fault['code']
    | 'missing'
    | 'unknown'
    /** Votes could change their meaning. */
    | 'locked'
    /** It ends before it begins. */
    | 'too_early';
}

/** What a host sends cannot be taken; `faults` names every reason, not only the first. */
export class InvalidContent extends VotingError {
  readonly faults: readonly ContentFault[];

  constructor(
    faults: readonly ContentFault[],
    code: ErrorCode & ('content_invalid' | 'poll_locked') = 'content_invalid',
  ) {
    super(code, { detail: faults.map((fault) => `${fault.path}: ${fault.code}`).join(', ') });
    this.faults = faults;
  }
}
