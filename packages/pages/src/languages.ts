import Negotiator from 'negotiator';
import { texts as ar } from './languages/ar.ts';
import { texts as de } from './languages/de.ts';
import { texts as en } from './languages/en.ts';
import { texts as es } from './languages/es.ts';
import type { Texts } from './texts.ts';

/** The first is for everybody whose own is not among them. */
export const languages = [en, de, es, ar] as const satisfies readonly Texts[];

/** What tells a reader's language. Any text is accepted in all three. */
export interface Reader {
  /** Path and query of the request. */
  readonly url: string;
  readonly cookies: string | undefined;
  readonly acceptLanguage: string | undefined;
}

export interface ChosenLanguage {
  readonly texts: Texts;
  /** What the browser has to store so that the choice holds on the next page; undefined for none. */
  readonly setCookie: string | undefined;
}

const cookiePattern = /(?:^|;\s*)language=([a-z]{2})(?=\s*(?:;|$))/;
const oneYear = 365 * 24 * 60 * 60;

/**
 * The language for a visitor: what `?lang` asks for, else what it asked for before, else the most
 * preferred in Accept-Language that we speak, else English.
 */
export function chooseLanguage({ url, cookies, acceptLanguage }: Reader): ChosenLanguage {
  const asked = textsFor(URL.parse(url, 'http://page')?.searchParams.get('lang'));
  if (asked !== undefined) {
    const setCookie = `language=${asked.tag}; Path=/; Max-Age=${oneYear}; HttpOnly; SameSite=Lax`;
    return { texts: asked, setCookie };
  }
  const [, before] = cookiePattern.exec(cookies ?? '') ?? [];
  const texts = textsFor(before) ?? preferred(acceptLanguage ?? '') ?? en;
  return { texts, setCookie: undefined };
}

/** `de-AT` is served with `de`. */
function textsFor(tag: string | null | undefined): Texts | undefined {
  const [primary] = tag?.trim().toLowerCase().split('-') ?? [];
  return languages.find((texts) => texts.tag === primary);
}

function preferred(acceptLanguage: string): Texts | undefined {
  const negotiator = new Negotiator({ headers: { 'accept-language': acceptLanguage } });
  const [tag] = negotiator.languages(languages.map((texts) => texts.tag));
  return textsFor(tag);
}
