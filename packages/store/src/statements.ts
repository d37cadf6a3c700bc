import { readFileSync } from 'node:fs';

/** What both dialects understand, in `sql/`. */
const shared = [
  'declare-poll',
  'differences',
  'forget-tallies',
  'own-ids',
  'poll',
  'retally',
  'revise-poll',
  'tally',
] as const;

/** One statement a file: those in `sql/` that both dialects share, and the dialect's own in its folder. */
export function readStatements<Own extends string>(
  dialect: 'postgres' | 'sqlite',
  own: readonly Own[],
): Readonly<Record<Own | (typeof shared)[number], string>> {
  return Object.fromEntries([
    ...shared.map((name) => [name, readStatement(name)]),
    ...own.map((name) => [name, readStatement(`${dialect}/${name}`)]),
  ]);
}

/** @param name of the file, with its folder in `sql/` but without its ending */
export function readStatement(name: string): string {
  return readFileSync(new URL(`../sql/${name}.sql`, import.meta.url), 'utf8');
}
