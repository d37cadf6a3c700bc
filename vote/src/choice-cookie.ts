import type { Editions } from './editions.ts';
import { serializeCookie } from './voter-cookie.ts';

const cookiePattern = /(?:^|;\s*)voter_choice=([\w.~-]+)(?=\s*(?:;|$))/;
const choicePattern = /^([\w-]{16})\.([a-z])$/;

/** As many as somebody votes in during an evening; what is older is not marked any more. */
const mostChoices = 30;

/**
 * The browser's own note of what it last voted for in each poll, so that the page can mark it. It is not signed: it decides
 * nothing but what that browser is shown. It names editions, so that a choice is never read as that of another poll.
 */
export function choiceIn(cookieHeader: string | undefined, editions: Editions): string | undefined {
  for (const choice of choicesIn(cookieHeader)) {
    const [, edition = '', option = ''] = choicePattern.exec(choice) ?? [];
    if (editions.hold(edition, option)) return option;
  }
  return undefined;
}

/** The cookie that notes a choice beside those in other polls, the newest first. */
export function choiceCookie(
  cookieHeader: string | undefined,
  editions: Editions,
  option: string,
  secure: boolean,
): string {
  const others = choicesIn(cookieHeader).filter((choice) => {
    const [, edition = '', other = ''] = choicePattern.exec(choice) ?? [];
    return edition !== '' && !editions.hold(edition, other);
  });
  const choices = [`${editions.current}.${option}`, ...others.slice(0, mostChoices - 1)];
  return serializeCookie('voter_choice', choices.join('~'), secure);
}

function choicesIn(cookieHeader = ''): readonly string[] {
  const [, choices] = cookiePattern.exec(cookieHeader) ?? [];
  return choices === undefined ? [] : choices.split('~');
}
