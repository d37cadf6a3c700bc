import type { Poll } from './poll.ts';

/**
 * What becomes of a poll that votes are stored for when it is defined again. Votes are kept as letters, so what
 * a letter stands for stays; options may be added after the others. A definition that ends earlier is an
 * older one, and leaves the poll as it is.
 *
 * @returns the poll as it is to be, or in words what would change its votes' meaning
 */
export function redefine(stored: Poll, defined: Poll): Poll | { readonly change: string } {
  if (stored.question !== defined.question) {
    return { change: `the question was ${quote(stored.question)} and is now ${quote(defined.question)}` };
  }
  for (const [i, { id, label }] of stored.options.entries()) {
    const now = defined.options[i];
    if (now !== undefined && now.label !== label) {
      return { change: `option ${id} was ${quote(label)} and is now ${quote(now.label)}` };
    }
  }
  return stored.options.length > defined.options.length ? stored : defined;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
