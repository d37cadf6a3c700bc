import { type Assets, addressOf, chooseLanguage, createViews, type Visit } from '@voting/pages';
import { describePipeline, describeStanding, pollKey, shares } from './browser/standing.ts';
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

export type ResultPage = (visit: Visit) => Page;

/** The results as they are now; the script keeps them so. */
export function createResultPage(config: PageConfig, feed: ResultsFeed, assets: Assets): ResultPage {
  const views = createViews(new URL('./views/', import.meta.url));
  return (visit) => {
    const { texts, setCookie } = chooseLanguage(visit);
    const view = viewOf(visit.url);
    const results = feed.current();
    const history = feed.history();
    const html = views('result', {
      texts,
      assets,
      view,
      results,
      pollKey: pollKey(results),
      percents: shares(results.options.map(({ votes }) => votes)),
      standing: describeStanding(results, texts),
      pipeline: describePipeline(results.pipeline, texts),
      timeline: { ...timelineBox, path: timelinePath(history) },
      lately: describeTimeline(history, texts),
      voteUrl: addressOf(config.voteUrl, visit),
      poster: view === 'present' ? posterFor(visit, config) : undefined,
    });
    return { html, setCookie };
  };
}

/** How a hall gets to the vote page: a code for phones, and the address as people type it. */
function posterFor({ secure, host = '' }: Visit, { voteUrl, nameInNetwork }: PageConfig) {
  const address = addressOf(voteUrl, { secure, host: isLoopback(host) ? (nameInNetwork ?? host) : host });
  if (address === undefined) return undefined;
  return { code: qrCode(address), short: address.replace(/^https?:\/\//, '').replace(/\/$/, '') };
}

function isLoopback(host: string): boolean {
  const name = URL.parse(`http://${host}`)?.hostname ?? '';
  return name === 'localhost' || name === '[::1]' || name.startsWith('127.');
}
