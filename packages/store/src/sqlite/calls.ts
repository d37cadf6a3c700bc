import type { ErrorCode } from '@voting/core';
import type { Votes } from './votes.ts';

type CallOf<Name extends keyof Votes> = {
  readonly name: Name;
  readonly args: Readonly<Parameters<Votes[Name]>>;
};

/** What the thread of the database is asked for. */
export type Call =
  | { [Name in keyof Votes]: CallOf<Name> }[keyof Votes]
  | { readonly name: 'backUp'; readonly file: string }
  | { readonly name: 'close' };

/** A call on its way; the answer repeats its number. */
export type Sent = Call & { readonly id: number };

/** A `VotingError` as it can be sent between threads. */
export interface Failure {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly cause: unknown;
}

/** What the thread answers. The first answer, with the number `opening`, is whether it has a database. */
export type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly failure: Failure });

export const opening = 0;
