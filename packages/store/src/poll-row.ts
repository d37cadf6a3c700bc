import {
  type BallotKind,
  type Definition,
  definePoll,
  definitionOfPoll,
  draftOf,
  type HostedPoll,
  mainRoom,
  moved,
  type Poll,
  type PollState,
  redefine,
  type Visibility,
  VotingError,
} from '@voting/core';

/** A poll as the statement `polls` reads it. */
export interface PollRow {
  readonly id: string;
  readonly question: string;
  /** A JSON list of texts. */
  readonly labels: string;
  readonly room: string;
  readonly place: number;
  readonly ballot: BallotKind;
  readonly visibility: Visibility;
  readonly state: PollState;
  readonly openings: number;
  readonly final_opening: number;
  readonly opens_at: number | null;
  readonly closes_at: number | null;
  readonly revision: number;
  /** SQLite says 1. */
  readonly removed: boolean | number;
  /** Whether a vote for it is stored; SQLite says 1. */
  readonly voted: boolean | number;
}

/** The parameters of `add-poll`. */
export function rowOf(poll: HostedPoll): (string | number | null)[] {
  return [
    poll.id,
    poll.question,
    JSON.stringify(poll.options.map(({ label }) => label)),
    poll.room,
    poll.place,
    poll.ballot,
    poll.visibility,
    poll.state,
    poll.openings,
    poll.opensAt ?? null,
    poll.closesAt ?? null,
  ];
}

export function pollOf(row: PollRow): HostedPoll {
  const { room, place, ballot, visibility, state, openings, revision } = row;
  return {
    ...definePoll(row.id, row.question, JSON.parse(row.labels)),
    room,
    place,
    ballot,
    visibility,
    state,
    openings,
    final: openings > 0 && row.final_opening === openings,
    opensAt: row.opens_at ?? undefined,
    closesAt: row.closes_at ?? undefined,
    revision,
  };
}

export function definitionOfRow(row: PollRow): Definition {
  if (!row.removed) return definitionOfPoll(pollOf(row));
  return { kind: 'poll', id: row.id, revision: row.revision, poll: undefined };
}

/** A poll that is declared and not kept yet. */
export function newlyDeclared(poll: Poll): HostedPoll {
  return moved(draftOf(poll, mainRoom, 0), 'open');
}

/**
 * What the stored poll becomes when it is declared as `declared`; undefined when it stays as it is.
 *
 * @throws {VotingError} `poll_differs`
 */
export function declaredOver(row: PollRow, declared: Poll): HostedPoll | undefined {
  const stored = pollOf(row);
  const outcome = row.voted ? redefine(stored, declared) : declared;
  if ('change' in outcome) {
    const { path, was, is } = outcome.change;
    throw new VotingError('poll_differs', {
      detail: `${path}: ${JSON.stringify(was)} → ${JSON.stringify(is)}`,
    });
  }
  const { question, options } = outcome;
  const kept = { ...stored, question, options };
  return rowOf(kept).every((value, i) => value === rowOf(stored)[i]) ? undefined : kept;
}
