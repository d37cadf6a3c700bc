/**
 * Every way in which the product says no, once: the code that programs test and the sentence that
 * people read. The vote service maps codes to HTTP; the pages translate the sentences by their code.
 */
export const sentences = {
  option_missing: 'Choose one option: the field "vote" is missing or was sent more than once.',
  option_unknown: 'This poll has no such option. Reload the page and choose again.',
  body_malformed: 'The request body could not be read as what it claims to be.',
  body_too_large: 'The request body is larger than a vote can be (1 KiB).',
  media_type_unsupported: 'Send the vote as a form (application/x-www-form-urlencoded) or as JSON.',
  cross_site: 'The vote came from another site and was not accepted. Vote on the poll’s own page.',
  too_many_requests: 'Too many votes from this address. Wait a moment, then vote again.',
  too_many_voters:
    'Too many new voters have come from this address. Vote from another network, or try again later.',
  queue_full: 'Your vote was not counted: too many are waiting. Please try again in a few seconds.',
  queue_unavailable:
    'Your vote could not be confirmed. Please try again in a few seconds; voting again is safe, it counts once.',
  not_found: 'There is no such page.',
  method_not_allowed: 'This address does not take that kind of request.',
  request_invalid: 'The request could not be understood.',
  unexpected: 'Something went wrong on our side. Please try again.',
  store_unavailable: 'The vote store does not answer.',
  vote_unstorable: 'The store refuses this vote for what it contains.',
  schema_too_new: 'The store was written by a newer version of this software. Start that version instead.',
  data_folder_in_use: 'Another process is using this data folder. Stop it, or choose another with DATA_DIR.',
  data_folder_unusable: 'The data folder cannot be written. Choose another with DATA_DIR.',
} as const;

export type ErrorCode = keyof typeof sentences;

/** An expected failure. `message` is fit for the person concerned; `cause` is for the log. */
export class VotingError extends Error {
  readonly code: ErrorCode;
  /** Whoever ends because of it shows the message alone. */
  readonly forPeople = true;
  /** Seconds after which trying again makes sense, where that is known. */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, options: { detail?: string; cause?: unknown; retryAfter?: number } = {}) {
    super(
      options.detail === undefined ? sentences[code] : `${sentences[code]} (${options.detail})`,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.name = 'VotingError';
    this.code = code;
    this.retryAfter = options.retryAfter;
  }
}

/** Whether the queue or the store is only away for now, so that trying again will help. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof VotingError && (error.code === 'queue_unavailable' || error.code === 'store_unavailable')
  );
}
