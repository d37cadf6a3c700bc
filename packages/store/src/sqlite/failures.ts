import { type ErrorCode, VotingError } from '@voting/core';

/** SQLite's result codes that are told apart here; the lower byte of what it says. */
const codes = {
  busy: 5,
  readOnly: 8,
  inputOutput: 10,
  damaged: 11,
  full: 13,
  cannotOpen: 14,
  tooBig: 18,
  constraint: 19,
  mismatch: 20,
  noDatabase: 26,
} as const;

const whileOpening = new Map<number, ErrorCode>([
  [codes.busy, 'data_folder_in_use'],
  [codes.damaged, 'data_folder_damaged'],
  [codes.noDatabase, 'data_folder_damaged'],
  [codes.full, 'data_folder_full'],
  [codes.readOnly, 'data_folder_unusable'],
  [codes.cannotOpen, 'data_folder_unusable'],
  [codes.inputOutput, 'data_folder_unusable'],
]);

/** What the data itself is refused for. */
const unstorable: ReadonlySet<number> = new Set([codes.tooBig, codes.constraint, codes.mismatch]);

export function isBusy(error: unknown): boolean {
  return resultCode(error) === codes.busy;
}

/** What a failure to open the database in `folder` means to the person who started it. */
export function openingFailure(folder: string, cause: unknown): unknown {
  if (cause instanceof VotingError) return cause;
  const code = whileOpening.get(resultCode(cause) ?? -1) ?? codeOfSystem(cause);
  return code === undefined ? cause : new VotingError(code, { detail: folder, cause });
}

/** Whether it is the data that was refused. */
export function isUnstorable(error: unknown): boolean {
  return unstorable.has(resultCode(error) ?? -1);
}

/** What a failure of an open database means to the port. */
export function failure(cause: unknown): VotingError {
  if (cause instanceof VotingError) return cause;
  const code = isUnstorable(cause) ? 'vote_unstorable' : 'store_unavailable';
  return new VotingError(code, { cause });
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return Number(error.errcode) & 0xff;
}

function codeOfSystem(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'data_folder_full' : 'data_folder_unusable';
}
