import { chooseLanguage, languages } from '@voting/pages';
import { describe, expect, it } from 'vitest';

function choose(url: string, acceptLanguage?: string, cookies?: string) {
  return chooseLanguage({ url, acceptLanguage, cookies });
}

describe('the language of a page', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['fr, es;q=0.7, en;q=0.9', 'en'],
    ['fr-CH, fr;q=0.9, es;q=0.5', 'es'],
    ['AR-EG', 'ar'],
    ['de;q=0, es', 'es'],
    ['en;q=0.1, ar;q=0.2', 'ar'],
    ['*', 'en'],
    ['de; q=0.9', 'de'],
    ['fr, es ; q=0.7 , de; q=0.9', 'de'],
    ['es;q=0.7, *;q=0.1', 'es'],
    [';;q=,,q=1;de', 'en'],
    ['x'.repeat(10_000), 'en'],
  ])('for a browser that prefers %s is %s', (acceptLanguage, expected) => {
    expect(choose('/', acceptLanguage).texts.tag).toBe(expected);
    expect(choose('/', acceptLanguage).setCookie).toBeUndefined();
  });

  it('is the one that was asked for, also on the next page', () => {
    const asked = choose('/?present&lang=ar', 'de');
    expect(asked.texts.tag).toBe('ar');
    expect(asked.setCookie).toMatch(/^language=ar; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/);
    const cookie = `voter_id=x; ${asked.setCookie?.split(';')[0]}`;
    expect(choose('/', 'de', cookie).texts.tag).toBe('ar');
    expect(choose('/?lang=es', 'de', cookie).texts.tag).toBe('es');
  });

  it.each([
    '/?lang=',
    '/?lang=xx',
    '/?lang=../../etc',
    '/?lang[]=de',
    '/?lang=%00',
    '//?lang=',
    '/%zz?lang=xx',
  ])('is not decided by %s', (url) => {
    expect(choose(url, 'es', 'language=xx')).toMatchObject({ texts: { tag: 'es' }, setCookie: undefined });
  });
});

describe.each(languages.map((texts) => [texts.name, texts] as const))('in %s', (_name, texts) => {
  const label = 'القط <b>';

  it('a label in a sentence keeps its own direction', () => {
    const { vote, result } = texts;
    for (const sentence of [
      vote.sending(label),
      vote.counted(label),
      result.ahead(label),
      result.tie([label, 'B']),
    ]) {
      expect(sentence).toContain(`\u2068${label}\u2069`);
    }
  });

  it('one, two and many votes read differently, with the digits of the page', () => {
    const counts = [1, 2, 3, 11, 1_234_567].map(texts.result.count);
    expect(new Set(counts).size).toBe(counts.length);
    expect(counts.at(-1)).toMatch(/^1.234.567 /);
  });

  it('a delay of a second or two has its own words', () => {
    expect(texts.result.delayed(1, 0)).not.toBe(texts.result.delayed(2, 0));
    expect(texts.result.delayed(5, 0).length).toBeLessThan(texts.result.delayed(5, 9).length);
  });
});
