import type { Poll } from './poll.ts';

/** Votes by option id; every option of the poll is present, with 0 when nobody chose it. */
export type Tally = Readonly<Record<string, number>>;

export function emptyTally(poll: Poll): Record<string, number> {
  return Object.fromEntries(poll.options.map(({ id }) => [id, 0]));
}

export function sameTally(one: Tally, other: Tally): boolean {
  const options = Object.keys(one);
  return options.length === Object.keys(other).length && options.every((id) => one[id] === other[id]);
}
