import { createHash } from 'node:crypto';
import type { Poll } from '@voting/core';

/** Base64url characters: 96 bits, so that no two texts share one. */
const characters = 16;

/** What people read when they voted: a key of a poll's id, question and labels. */
export interface Editions {
  /** The edition of the poll as it is. */
  readonly current: string;
  /**
   * Whether a vote for `option` that names `edition` still means what its voter read: the option's letter
   * stands for the same label under the same question. Options that were added since disturb nobody.
   */
  hold(edition: string, option: string): boolean;
}

export function editionsOf({ id, question, options }: Poll): Editions {
  const labels = options.map(({ label }) => label);
  const editionWith = (count: number) =>
    createHash('sha256')
      .update(JSON.stringify([id, question, labels.slice(0, count)]))
      .digest('base64url')
      .slice(0, characters);
  /** How many of the options each edition had: options are only ever added at the end. */
  const counts = new Map(options.map((_, i) => [editionWith(i + 1), i + 1]));
  return {
    current: editionWith(options.length),
    hold(edition, option) {
      const count = counts.get(edition) ?? 0;
      return options.slice(0, count).some(({ id }) => id === option);
    },
  };
}
