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
