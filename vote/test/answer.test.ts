import { type ErrorCode, mainRoom, VotingError } from '@voting/core';
import { definitionsOf, directoryOf, openPoll } from '@voting/core/testing';
import { createViews, languages, refusalOf } from '@voting/pages';
import { sentences } from '@voting/wording';
import { describe, expect, it } from 'vitest';
import { createAnswers } from '../src/answer.ts';
import { refusalCodes } from '../src/metrics.ts';

const directory = directoryOf(definitionsOf([openPoll()]));
const views = createViews(new URL('../src/views/', import.meta.url));
const assets = { url: (name: string) => `/assets/0/${name}` };
const answers = createAnswers({ resultUrl: ':8081' }, { directory, views, assets });

function render(url: string, acceptLanguage: string, code?: ErrorCode) {
  const visit = {
    url,
    acceptLanguage,
    cookies: undefined,
    secure: false,
    host: 'here:8080',
    wantsJson: false,
  };
  const { headers, body } =
    code === undefined
      ? answers.page({ room: mainRoom, poll: undefined }, visit)
      : answers.refusal(refusalOf(new VotingError(code)), visit);
  return { html: body, setCookie: headers['set-cookie'] };
}

describe('the vote page', () => {
  it('speaks the language of its reader, and of its direction', () => {
    const { html } = render('/', 'ar');
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).toContain('عرض النتائج');
    expect(html).toContain('/assets/0/ar.ts');
  });

  it('remembers a language that was asked for', () => {
    expect(render('/?lang=de', 'ar').setCookie).toContain('language=de;');
    expect(render('/', 'ar').setCookie).toBeUndefined();
  });

  it.each(languages.slice(1).map(({ tag, refusals }) => [tag, refusals] as const))(
    'says no in %s to whatever a voter can be refused for, and to nothing else',
    (tag, refusals) => {
      // and what only the results are refused for
      expect(Object.keys(refusals).sort()).toEqual([...refusalCodes, 'store_unavailable'].sort());
      for (const code of refusalCodes as ErrorCode[]) {
        expect(render('/', tag, code).html).not.toContain(sentences[code]);
      }
    },
  );

  it('brings the options along with a refusal, but not to another address', () => {
    expect(render('/', 'de', 'queue_full').html).toContain('value="b"');
    expect(render('/nothing.html', 'de', 'not_found').html).not.toContain('value="b"');
    expect(render('/nothing.html', 'de', 'not_found').html).toContain('Diese Seite gibt es nicht.');
  });
});
