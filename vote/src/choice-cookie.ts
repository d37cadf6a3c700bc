import type { Editions } from './edition.ts';
import { serializeCookie } from './voter-cookie.ts';

const cookiePattern = /(?:^|;\s*)voter_choice=([\w-]{16})\.([a-z])(?=\s*(?:;|$))/;

/**
 * The browser's own note of what it last voted for, so that the page can mark it. It is not signed:
 * it decides nothing but what that browser is shown. It names the edition, so that a choice is never read as
 * that of another poll.
 */
export function choiceIn(cookieHeader: string | undefined, editions: Editions): string | undefined {
  const [, edition, option] = cookiePattern.exec(cookieHeader ?? '') ?? [];
  return edition !== undefined && option !== undefined && editions.hold(edition, option) ? option : undefined;
}

export function choiceCookie(editions: Editions, option: string, secure: boolean): string {
  return serializeCookie('voter_choice', `${editions.current}.${option}`, secure);
}
