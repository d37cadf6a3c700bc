import { type Directory, type Place, VotingError } from '@voting/core';
import {
  type Assets,
  addressOf,
  chooseLanguage,
  pathOf,
  placeOf,
  type Refusal,
  refusalAsJson,
  type Views,
  type Visit,
} from '@voting/pages';
import type { Answer } from '@voting/runtime';
import { choiceIn } from './choice-cookie.ts';
import { type Scene, sceneAt } from './scene.ts';

export interface Answers {
  /**
   * The page of a place: the options with the visitor's own choice marked, or that nothing is on.
   *
   * @throws {VotingError} `room_unknown`, `poll_unknown`
   */
  page(place: Place, visit: Visit): Answer;
  /**
   * The same in short, for programs, and for pages that want to know whether they are still right: nothing when the visitor
   * has seen it (`seen`, an entity tag).
   *
   * @throws {VotingError} `room_unknown`, `poll_unknown`, or `queue_unavailable` while there may be news that has not come
   *   through
   */
  summary(place: Place, seen: string | undefined): Answer;
  /**
   * Why something was refused. Whoever asked for the page gets it again with the reason in it, so that
   * they can try again at once.
   *
   * @param visit undefined when nobody can be made out who asked
   */
  refusal(refusal: Refusal, visit: Visit | undefined): Answer;
}

export function createAnswers(
  { resultUrl }: { readonly resultUrl: string | undefined },
  {
    directory,
    views,
    assets,
  }: { readonly directory: Directory; readonly views: Views; readonly assets: Assets },
): Answers {
  const html = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  const json = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

  /** People are told in their language, programs (below) in the one of the documentation. */
  function render(view: string, visit: Visit, data: object, refusal?: Refusal): Omit<Answer, 'status'> {
    const { texts, setCookie } = chooseLanguage(visit);
    const body = views(view, {
      texts,
      assets,
      ...data,
      isCurrent: directory.isCurrent,
      refusal: refusal && { ...refusal, sentence: texts.refusals[refusal.code] ?? refusal.sentence },
    });
    return { headers: setCookie === undefined ? html : { ...html, 'set-cookie': setCookie }, body };
  }

  function renderScene(place: Place, { shown, tag, room }: Scene, visit: Visit, refusal?: Refusal) {
    const path = pathOf(place);
    const common = { path, tag, title: room.title, resultUrl: addressOf(resultUrl, visit, path) };
    if (shown === undefined) {
      // whoever has come to a room has its code
      const mayJoin = path === '/' && directory.rooms().length > 1;
      return render('waiting', visit, { ...common, mayJoin }, refusal);
    }
    const { poll, editions, phase } = shown;
    const choice = choiceIn(visit.cookies, editions);
    return render('vote', visit, { ...common, poll, phase, edition: editions.current, choice }, refusal);
  }

  /** The page on which something was refused, where that has a page. */
  function sceneOf(visit: Visit): { readonly place: Place; readonly scene: Scene } | undefined {
    const place = placeOf(visit.url);
    if (place === undefined) return undefined;
    try {
      return { place, scene: sceneAt(place, directory) };
    } catch (error) {
      if (error instanceof VotingError) return undefined;
      throw error;
    }
  }

  return {
    page: (place, visit) => ({ status: 200, ...renderScene(place, sceneAt(place, directory), visit) }),
    summary(place, seen) {
      const { room, shown, tag } = sceneAt(place, directory);
      if (!directory.isCurrent) throw new VotingError('queue_unavailable');
      const headers = { ...json, etag: `"${tag}"` };
      if (seen === headers.etag) return { status: 304, headers: { etag: headers.etag }, body: '' };
      const poll = shown && {
        id: shown.poll.id,
        question: shown.poll.question,
        options: shown.poll.options,
        edition: shown.editions.current,
        state: shown.phase,
      };
      return { status: 200, headers, body: JSON.stringify({ room: room.id, poll: poll ?? null }) };
    },
    refusal(refusal, visit) {
      if (visit === undefined || visit.wantsJson) return refusalAsJson(refusal);
      const { status, retryAfter } = refusal;
      const retry = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
      const at = sceneOf(visit);
      const { headers, body } =
        at === undefined
          ? render('refused', visit, { mayJoin: refusal.code === 'room_unknown' }, refusal)
          : renderScene(at.place, at.scene, visit, refusal);
      return { status, headers: { ...headers, ...retry }, body };
    },
  };
}
