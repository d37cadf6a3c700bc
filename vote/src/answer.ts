import type { Poll } from '@voting/core';
import {
  type Assets,
  addressOf,
  chooseLanguage,
  type Refusal,
  refusalAsJson,
  type Views,
  type Visit,
} from '@voting/pages';
import type { Answer } from '@voting/runtime';
import { choiceIn } from './choice-cookie.ts';
import type { Editions } from './edition.ts';
import { isVotePath } from './vote-path.ts';

export interface Answers {
  /** The page with the options, the visitor's own choice marked. */
  page(visit: Visit): Answer;
  /**
   * Why something was refused. Whoever asked for the page gets it again with the reason in it, so that
   * they can try again at once.
   *
   * @param visit undefined when nobody can be made out who asked
   */
  refusal(refusal: Refusal, visit: Visit | undefined): Answer;
}

export function createAnswers(
  { poll, resultUrl }: { readonly poll: Poll; readonly resultUrl: string | undefined },
  {
    editions,
    views,
    assets,
  }: { readonly editions: Editions; readonly views: Views; readonly assets: Assets },
): Answers {
  const html = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };

  /** People are told in their language, programs (below) in the one of the documentation. */
  function page(template: 'vote' | 'refused', visit: Visit, refusal?: Refusal): Omit<Answer, 'status'> {
    const { texts, setCookie } = chooseLanguage(visit);
    const body = views(template, {
      texts,
      assets,
      poll,
      edition: editions.current,
      choice: choiceIn(visit.cookies, editions),
      refusal: refusal && { ...refusal, sentence: texts.refusals[refusal.code] ?? refusal.sentence },
      resultUrl: addressOf(resultUrl, visit),
    });
    return { headers: setCookie === undefined ? html : { ...html, 'set-cookie': setCookie }, body };
  }

  return {
    page: (visit) => ({ status: 200, ...page('vote', visit) }),
    refusal(refusal, visit) {
      if (visit === undefined || visit.wantsJson) return refusalAsJson(refusal);
      const { status, retryAfter } = refusal;
      const retry = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
      const { headers, body } = page(isVotePath(visit.url) ? 'vote' : 'refused', visit, refusal);
      return { status, headers: { ...headers, ...retry }, body };
    },
  };
}
