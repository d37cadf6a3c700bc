import type { ErrorCode } from '@voting/core';
import type { Polls } from './polls.ts';
import type { Votes } from './votes.ts';

/** What the thread can be asked for. */
export type Database = Polls & Votes;

type CallOf<Name extends keyof Database> = {
  readonly name: Name;
  readonly args: Readonly<Parameters<Database[Name]>>;
};

/** What the thread of the database is asked for. */
export type Call =
  | { [Name in keyof Database]: CallOf<Name> }[keyof Database]
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
