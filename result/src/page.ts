import type { Place } from '@voting/core';
import {
  type Assets,
  addressOf,
  chooseLanguage,
  createViews,
  pathOf,
  type Refusal,
  type Visit,
} from '@voting/pages';
import { describeState, describeVotes, pollKey, shares } from './browser/standing.ts';
import { describeTimeline, timelineBox, timelinePath } from './browser/timeline.ts';
import type { ResultsFeed } from './feed.ts';
import { qrCode } from './qr-code.ts';

export interface Page {
  readonly html: string;
  /** The language that was asked for, to be remembered; undefined when none was. */
  readonly setCookie: string | undefined;
}

/** For one reader, for the screen of a hall, or for a frame in another page. */
export type View = 'own' | 'present' | 'embed';

export function viewOf(url: string): View {
  const query = URL.parse(url, 'http://page')?.searchParams;
  if (query?.has('embed')) return 'embed';
  return query?.has('present') ? 'present' : 'own';
}

export interface PageConfig {
  readonly voteUrl: string | undefined;
  /** By which name others reach a machine that its own user calls localhost. */
  readonly nameInNetwork: string | undefined;
}

export interface ResultPages {
  /**
   * The results at a place as they are now; the script keeps them so.
   *
   * @throws {VotingError} `room_unknown`, `poll_unknown`
   */
  results(place: Place, visit: Visit): Promise<Page>;
  /** Why there is nothing to be seen. */
  refused(refusal: Refusal, visit: Visit): Page;
}

export function createResultPages(config: PageConfig, feed: ResultsFeed, assets: Assets): ResultPages {
  const views = createViews(new URL('./views/', import.meta.url));
  return {
    async results(place, visit) {
      const { texts, setCookie } = chooseLanguage(visit);
      const view = viewOf(visit.url);
      const path = pathOf(place);
      const [results, history] = await Promise.all([feed.at(place), feed.history(place)]);
      const html = views(results.poll === null ? 'nothing' : 'result', {
        texts,
        assets,
        view,
        path,
        results,
        pollKey: pollKey(results),
        percents: shares(results.options.map(({ votes }) => votes ?? 0)),
        standing: describeVotes(results, texts),
        state: describeState(results, texts),
        timeline: { ...timelineBox, path: timelinePath(history) },
        lately: describeTimeline(history, texts),
        voteUrl: addressOf(config.voteUrl, visit, path),
        poster: view === 'present' ? posterFor(visit, path, config) : undefined,
      });
      return { html, setCookie };
    },
    refused(refusal, visit) {
      const { texts, setCookie } = chooseLanguage(visit);
      const sentence = texts.refusals[refusal.code] ?? refusal.sentence;
      return { html: views('refused', { texts, assets, code: refusal.code, sentence }), setCookie };
    },
  };
}

/** How a hall gets to the vote page: a code for phones, and the address as people type it. */
function posterFor({ secure, host = '' }: Visit, path: string, { voteUrl, nameInNetwork }: PageConfig) {
  const reachable = isLoopback(host) ? (nameInNetwork ?? host) : host;
  const address = addressOf(voteUrl, { secure, host: reachable }, path);
  if (address === undefined) return undefined;
  return { code: qrCode(address), short: address.replace(/^https?:\/\//, '').replace(/\/$/, '') };
}

function isLoopback(host: string): boolean {
  const name = URL.parse(`http://${host}`)?.hostname ?? '';
  return name === 'localhost' || name === '[::1]' || name.startsWith('127.');
}
