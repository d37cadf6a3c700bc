import type { Poll } from '@voting/core';
import { serializeCookie } from './voter-cookie.ts';

const cookiePattern = /(?:^|;\s*)voter_choice=([a-z0-9-]{1,40})\.([a-z])(?=\s*(?:;|$))/;

/**
 * The browser's own note of what it last voted for, so that the page can mark it. It is not signed:
 * it decides nothing but what that browser is shown.
 */
export function choiceIn(cookieHeader: string | undefined, poll: Poll): string | undefined {
  const [, pollId, option] = cookiePattern.exec(cookieHeader ?? '') ?? [];
  return pollId === poll.id && poll.options.some(({ id }) => id === option) ? option : undefined;
}

export function choiceCookie(poll: Poll, option: string, secure: boolean): string {
  return serializeCookie('voter_choice', `${poll.id}.${option}`, secure);
}
