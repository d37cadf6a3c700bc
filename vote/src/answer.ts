import type { Poll } from '@voting/core';
import { type Assets, addressOf, chooseLanguage, type Views } from '@voting/pages';
import { choiceIn } from './choice-cookie.ts';
import type { Refusal } from './refusal.ts';
import type { Visit } from './visit.ts';

/** What is sent back, whichever server sends it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answers {
  /** The page with the options, the visitor's own choice marked. */
  page(visit: Visit): Answer;
  /**
   * Why something was refused. Whoever asked for the page gets it again with the reason in it, so that
   * they can try again at once.
   */
  refusal(refusal: Refusal, visit: Visit, path: string): Answer;
}

export function createAnswers(
  { poll, resultUrl }: { readonly poll: Poll; readonly resultUrl: string | undefined },
  { views, assets }: { readonly views: Views; readonly assets: Assets },
): Answers {
  const html = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  const json = { 'content-type': 'application/json; charset=utf-8' };

  /** People are told in their language, programs (below) in the one of the documentation. */
  function page(template: 'vote' | 'refused', visit: Visit, refusal?: Refusal): Omit<Answer, 'status'> {
    const { texts, setCookie } = chooseLanguage(visit);
    const body = views(template, {
      texts,
      assets,
      poll,
      choice: choiceIn(visit.cookies, poll),
      refusal: refusal && { ...refusal, sentence: texts.refusals[refusal.code] ?? refusal.sentence },
      resultUrl: addressOf(resultUrl, visit.secure ? 'https' : 'http', visit.host),
    });
    return { headers: setCookie === undefined ? html : { ...html, 'set-cookie': setCookie }, body };
  }

  return {
    page: (visit) => ({ status: 200, ...page('vote', visit) }),
    refusal(refusal, visit, path) {
      const { status, code, sentence, retryAfter } = refusal;
      const retry = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
      if (visit.wantsJson) {
        const body = JSON.stringify({ error: { code, message: sentence } });
        return { status, headers: { ...json, ...retry }, body };
      }
      const { headers, body } = page(path === '/' ? 'vote' : 'refused', visit, refusal);
      return { status, headers: { ...headers, ...retry }, body };
    },
  };
}
