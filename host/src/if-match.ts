import { VotingError } from '@voting/core';
import type { Seen } from './revisions.ts';

/** What no room and no poll has. */
const noRevision = -1;

export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/**
 * The revision that If-Match names; undefined when any will do. What is no ETag of ours matches nothing.
 *
 * @throws {VotingError} `revision_missing` when there has to be one
 */
export function seenIn(ifMatch: string | undefined, rule: 'required' | 'honoured' | undefined): Seen {
  if (rule === undefined || ifMatch === '*') return undefined;
  if (ifMatch !== undefined) return Number(/^"(\d{1,15})"$/.exec(ifMatch)?.[1] ?? noRevision);
  if (rule === 'required') throw new VotingError('revision_missing');
  return undefined;
}
