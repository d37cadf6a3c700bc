import type { Vote } from '@voting/core';

/**
 * How votes lie in a stream. An entry is a *record batch*: the votes of one poll that left a vote service
 * together, in the order in which they came.
 *
 *     format   1
 *     poll     the id of the poll
 *     votes    a line for each vote, `voter option` or `voter option traceparent`, each ended by \n
 *
 * A batch holds at most `mostVotes`, and begins no other line when it has `longEnough` characters. In the first
 * version an entry was one vote, with the fields `poll`, `voter`, `option` and perhaps `traceparent`; an entry that
 * is put back from the dead letters still is, because there nothing is left of those it came with.
 */
export type Fields = readonly string[];

/** The format that is written. An entry of another comes from another version. */
export const format = '1';
/** Votes that travel together at most: Redis does nothing else meanwhile. Below what has a sequence of its own. */
export const mostVotes = 500;
/** Characters, so that an entry stays a matter of kilobytes whatever its voters are called. */
export const longEnough = 16_000;

export function lineOf({ voter, option, traceparent }: Omit<Vote, 'poll'>): string {
  return traceparent === undefined ? `${voter} ${option}\n` : `${voter} ${option} ${traceparent}\n`;
}

/**
 * The votes in an entry, in their order. What one lacks is an empty text: whether it counts is not judged here. So
 * an entry that cannot be read is one vote that says nothing.
 */
export function votesIn(fields: Fields): readonly Vote[] {
  const named = new Map<string, string>();
  for (let i = 0; i + 1 < fields.length; i += 2) named.set(fields[i] as string, fields[i + 1] as string);
  const poll = named.get('poll') ?? '';
  if (!isRecordBatch(fields)) {
    const [voter = '', option = ''] = [named.get('voter'), named.get('option')];
    return [{ poll, voter, option, traceparent: named.get('traceparent') }];
  }
  const lines = (named.get('votes') ?? '').split('\n');
  // behind the last end of a line is nothing, unless somebody else wrote it
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.map((line) => {
    const [voter = '', option = '', traceparent] = line.split(' ');
    return { poll, voter, option, traceparent };
  });
}

/** Whether this is an entry of the format that is written. */
export function isRecordBatch([name, value]: Fields): boolean {
  return name === 'format' && value === format;
}
