import type { DefinitionChange } from '@voting/core';
import type { SharedStatement } from './statements.ts';

/** A shared statement to run, by the name of its file. */
export interface Step {
  readonly name: SharedStatement;
  readonly parameters: readonly (string | number | null)[];
}

/**
 * Work in a transaction that both dialects do with the same statements: it yields each, and is handed its rows. So it is
 * written once, although one driver answers at once and the other later.
 */
export type Steps<Outcome> = Generator<Step, Outcome, readonly unknown[]>;

/** Asks for the rows of a statement, in a `Steps`. */
export function* rowsOf<Row>(
  name: SharedStatement,
  ...parameters: Step['parameters']
): Steps<readonly Row[]> {
  return (yield { name, parameters }) as readonly Row[];
}

/** The statements that change what a room or a poll is: they return the `id` of each that is another now. */
const changing: Partial<Record<SharedStatement, DefinitionChange['of']>> = {
  'add-poll': 'poll',
  'revise-poll': 'poll',
  'settle-poll': 'poll',
  'remove-poll': 'poll',
  'add-room': 'room',
  'revise-room': 'room',
  'remove-room': 'room',
  'turn-off': 'room',
};

/** The rooms and polls that a step has changed, of which those who show results must hear. */
export function changesOf({ name }: Step, rows: readonly unknown[]): readonly DefinitionChange[] {
  const of = changing[name];
  return of === undefined ? [] : rows.map((row) => ({ of, id: (row as { readonly id: string }).id }));
}
