import { readFileSync } from 'node:fs';

/** What both dialects understand, in `sql/`. */
const shared = [
  'add-poll',
  'add-room',
  'announced-poll',
  'announced-room',
  'declare-poll',
  'differences',
  'erase-tallies',
  'erase-timeline',
  'erase-votes',
  'erased-poll',
  'forget-tallies',
  'own-ids',
  'polls',
  'recountable-polls',
  'remove-poll',
  'remove-room',
  'retally',
  'revise-poll',
  'revise-room',
  'rooms',
  'settle-poll',
  'timeline',
  'turn-off',
  'unerased-poll',
  'unsettled-polls',
] as const;

export type SharedStatement = (typeof shared)[number];

/** One statement a file: those in `sql/` that both dialects share, and the dialect's own in its folder. */
export function readStatements<Own extends string>(
  dialect: 'postgres' | 'sqlite',
  own: readonly Own[],
): Readonly<Record<Own | SharedStatement, string>> {
  return Object.fromEntries([
    ...shared.map((name) => [name, readStatement(name)]),
    ...own.map((name) => [name, readStatement(`${dialect}/${name}`)]),
  ]);
}

/** @param name of the file, with its folder in `sql/` but without its ending */
export function readStatement(name: string): string {
  return readFileSync(new URL(`../sql/${name}.sql`, import.meta.url), 'utf8');
}
