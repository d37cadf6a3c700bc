import { randomBytes } from 'node:crypto';
import type { Vote } from '@voting/core';

const newVotersOfTen = 7;

/**
 * Votes of which seven in ten are by new voters, and the others by those who came first, who now
 * choose otherwise. Each voter changes once at most.
 *
 * @param pollOf which poll a new voter votes in
 */
export function manyVotes(
  count: number,
  pollOf: () => string = () => 'main',
): {
  readonly votes: readonly Vote[];
  readonly tally: Record<string, number>;
} {
  const choices = new Map<string, string>();
  const voters: { readonly voter: string; readonly poll: string }[] = [];
  const votes: Vote[] = [];
  let returned = 0;
  for (let number = 0; number < count; number++) {
    const isNew = number % 10 < newVotersOfTen;
    const one = isNew
      ? { voter: randomBytes(16).toString('base64url'), poll: pollOf() }
      : (voters[returned++] as (typeof voters)[number]);
    if (isNew) voters.push(one);
    const option = isNew === (number % 2 === 0) ? 'a' : 'b';
    choices.set(one.voter, option);
    votes.push({ ...one, option });
  }
  const tally: Record<string, number> = {};
  for (const option of choices.values()) tally[option] = (tally[option] ?? 0) + 1;
  return { votes, tally };
}

/** The pieces of a list, in order. */
export function* piecesOf<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}
