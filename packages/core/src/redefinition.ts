import type { Poll } from './poll.ts';

/** A text of a poll that reads another way now. */
export interface TextChange {
  /** As in a `Fault`. */
  readonly path: string;
  readonly was: string;
  readonly is: string;
}

/**
 * What becomes of a poll that votes are stored for when it is defined again. Votes are kept as letters, so what
 * a letter stands for stays; options may be added after the others. A definition that ends earlier is an
 * older one, and leaves the poll as it is.
 *
 * @returns the poll as it is to be, or what would change its votes' meaning
 */
export function redefine(stored: Poll, defined: Poll): Poll | { readonly change: TextChange } {
  if (stored.question !== defined.question) {
    return { change: { path: 'question', was: stored.question, is: defined.question } };
  }
  for (const [i, { label }] of stored.options.entries()) {
    const now = defined.options[i];
    if (now !== undefined && now.label !== label) {
      return { change: { path: `options/${i}`, was: label, is: now.label } };
    }
  }
  return stored.options.length > defined.options.length ? stored : defined;
}
