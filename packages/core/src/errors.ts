/** Every way in which the product says no, once. Programs test the code; what people read stands where they read it. */
export const errorCodes = [
  'option_missing',
  'option_unknown',
  'poll_changed',
  'body_malformed',
  'body_too_large',
  'media_type_unsupported',
  'cross_site',
  'not_signed_in',
  'key_wrong',
  'too_many_keys',
  'content_invalid',
  'revision_missing',
  'too_many_requests',
  'too_many_voters',
  'queue_full',
  'queue_unavailable',
  'queue_foreign',
  'not_found',
  'method_not_allowed',
  'request_invalid',
  'request_too_slow',
  'headers_too_large',
  'too_many_viewers',
  'unexpected',
  'store_unavailable',
  'store_denied',
  'store_refuses',
  'vote_unstorable',
  'schema_too_new',
  'poll_differs',
  'poll_unknown',
  'poll_state',
  'poll_not_open',
  'poll_closed',
  'poll_locked',
  'room_unknown',
  'room_in_use',
  'room_taken',
  'changed_meanwhile',
  'store_foreign',
  'data_folder_in_use',
  'data_folder_unusable',
  'data_folder_full',
  'data_folder_outdated',
  'data_folder_incomplete',
  'data_folder_damaged',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An expected failure: `message` is its code with the detail, `cause` is for the log. */
export class VotingError extends Error {
  readonly code: ErrorCode;
  /** Seconds after which trying again makes sense, where that is known. */
  readonly retryAfter: number | undefined;
  /** What it is about: a folder, an option, what a server said. */
  readonly detail: string | undefined;

  constructor(
    code: ErrorCode,
    options: { detail?: string | undefined; cause?: unknown; retryAfter?: number } = {},
  ) {
    super(
      options.detail === undefined ? code : `${code}: ${options.detail}`,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.name = 'VotingError';
    this.code = code;
    this.retryAfter = options.retryAfter;
    this.detail = options.detail;
  }
}

const passing: readonly ErrorCode[] = [
  'queue_unavailable',
  'queue_foreign',
  'store_unavailable',
  'store_denied',
  'store_refuses',
];

/** Whether the queue or the store takes nothing only for now, so that trying again will help. */
export function isPassing(error: unknown): boolean {
  return error instanceof VotingError && passing.includes(error.code);
}
