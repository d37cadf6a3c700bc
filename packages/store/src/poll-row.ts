import { definePoll, type Poll, redefine, VotingError } from '@voting/core';

/** A poll as its row has it. */
export interface PollRow {
  readonly question: string;
  /** A JSON list of texts. */
  readonly labels: string;
  /** Whether a vote for it is stored; SQLite says 1. */
  readonly voted: boolean | number;
}

/** The parameters that write a poll. */
export function rowOf({ id, question, options }: Poll): [id: string, question: string, labels: string] {
  return [id, question, JSON.stringify(options.map(({ label }) => label))];
}

export function pollOf(id: string, { question, labels }: PollRow): Poll {
  return definePoll(id, question, JSON.parse(labels));
}

/**
 * What the stored poll becomes when it is declared as `declared`.
 *
 * @throws {VotingError} `poll_differs`
 */
export function declaredOver(row: PollRow, declared: Poll): Poll {
  if (!row.voted) return declared;
  const outcome = redefine(pollOf(declared.id, row), declared);
  if (!('change' in outcome)) return outcome;
  const { path, was, is } = outcome.change;
  throw new VotingError('poll_differs', {
    detail: `${path}: ${JSON.stringify(was)} → ${JSON.stringify(is)}`,
  });
}
