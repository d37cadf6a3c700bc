import { readdirSync, readFileSync } from 'node:fs';

const statementNames = [
  'beat',
  'differences',
  'hold-still',
  'newest-sequence',
  'pipeline',
  'record',
  'retally',
  'tally',
] as const;

export type Statements = Readonly<Record<(typeof statementNames)[number], string>>;

/** The SQL that PostgreSQL and PGlite share, one statement a file in `sql/`. */
export function readStatements(): Statements {
  const folder = new URL('../sql/', import.meta.url);
  return Object.fromEntries(
    statementNames.map((name) => [name, readFileSync(new URL(`${name}.sql`, folder), 'utf8')]),
  ) as Statements;
}

export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** The files of `migrations/` in the order of their numbers. */
export function readMigrations(): readonly Migration[] {
  const folder = new URL('../migrations/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({
      version: Number.parseInt(file, 10),
      sql: readFileSync(new URL(file, folder), 'utf8'),
    }));
}
