import { randomBytes } from 'node:crypto';
import type { Vote } from '@voting/core';

const newVotersOfTen = 7;

/**
 * Votes of which seven in ten are by new voters, and the others by those who came first, who now
 * choose otherwise. Each voter changes once at most.
 */
export function manyVotes(count: number): {
  readonly votes: readonly Vote[];
  readonly tally: Record<string, number>;
} {
  const choices = new Map<string, string>();
  const voters: string[] = [];
  const votes: Vote[] = [];
  let returned = 0;
  for (let number = 0; number < count; number++) {
    const isNew = number % 10 < newVotersOfTen;
    const voter = isNew ? randomBytes(16).toString('base64url') : (voters[returned++] as string);
    if (isNew) voters.push(voter);
    const option = isNew === (number % 2 === 0) ? 'a' : 'b';
    choices.set(voter, option);
    votes.push({ poll: 'main', voter, option });
  }
  const tally: Record<string, number> = {};
  for (const option of choices.values()) tally[option] = (tally[option] ?? 0) + 1;
  return { votes, tally };
}

/** The pieces of a list, in order. */
export function* piecesOf<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}
