import { definePoll } from '@voting/core';
import type { ResultsFeed } from '@voting/result';
import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { createResultPage, viewOf } from '../src/page.ts';
import { qrCode } from '../src/qr-code.ts';
import { resultsOf } from '../src/results.ts';

const poll = definePoll('main', '<i>Cats</i> vs Dogs!', ['"Cats"', 'كلاب']);
const snapshot = { tally: { a: 2, b: 1 }, pipeline: { beatAge: 0, pending: 0, delay: 0 } };
const feed: ResultsFeed = {
  current: () => resultsOf(poll, { snapshot, readAt: 0, changedAt: new Date(0) }, 0),
  history: () => ({ stepSeconds: 10, votes: [null, 0, 3] }),
  onChange: () => {},
  onStep: () => {},
  stop: async () => {},
};
const assets = { url: (name: string) => `/assets/0/${name}` };

const visit = { secure: false, wantsJson: false, cookies: undefined, acceptLanguage: undefined };

function render(url: string, host = 'hall.example:8081', voteUrl: string | undefined = ':8080') {
  const page = createResultPage({ voteUrl, nameInNetwork: '192.168.1.5' }, feed, assets);
  return page({ ...visit, url, host }).html;
}

/** Scans it as a phone would, at four pixels a module. */
function scan({ size, path }: ReturnType<typeof qrCode>): string | undefined {
  const scale = 4;
  const side = size * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < scale; row++) {
      const from = ((Number(y) * scale + row) * side + Number(x) * scale) * 4;
      for (let at = 0; at < scale; at++) pixels.fill(0, from + at * 4, from + at * 4 + 3);
    }
  }
  return jsQR.default(pixels, side, side)?.data;
}

describe('the result page', () => {
  it('is one of three views', () => {
    expect(['/', '/?present', '/?embed', '/?lang=de&present=1', '/?x'].map(viewOf)).toEqual([
      'own',
      'present',
      'embed',
      'present',
      'own',
    ]);
  });

  it('shows bars and the line before any script has run', () => {
    const html = render('/');
    expect(html).toMatch(/<tr [^>]*data-option="a">.*?<rect class="fill" width="67%"/s);
    expect(html).toMatch(/<tr [^>]*data-option="b">.*?<rect class="fill" width="33%"/s);
    expect(html).toContain('<path d="M30 20L60 0"/>');
  });

  it('claims to be live only where no script could take that back', () => {
    const html = render('/');
    expect(html).toMatch(/id="condition" data-kind="connecting"/);
    expect(html.match(/data-kind="live"/g)).toHaveLength(1);
    expect(html).toMatch(/<noscript><p class="condition" data-kind="live">/);
  });

  it('escapes what the poll says', () => {
    for (const url of ['/', '/?present', '/?embed']) {
      expect(render(url)).not.toContain('<i>');
      expect(render(url)).toContain('&lt;i&gt;Cats&lt;/i&gt; vs Dogs!');
    }
  });

  it('leads a hall to the vote page of the host it was asked under', () => {
    expect(render('/?present')).toMatch(/class="address" dir="ltr">hall\.example:8080</);
    expect(render('/?present', 'hall.example:8081', 'https://vote.example/')).toMatch(/>vote\.example</);
  });

  it.each(['localhost:8081', '127.0.0.1:8081', '[::1]:8081'])(
    'asked under %s leads phones to the name of the machine in its network',
    (host) => expect(render('/?present', host)).toMatch(/>192\.168\.1\.5:8080</),
  );

  it('has no link in a frame, and no code when there is nowhere to vote', () => {
    expect(render('/?embed')).not.toContain('<a ');
    const nowhere = createResultPage({ voteUrl: undefined, nameInNetwork: undefined }, feed, assets);
    const { html } = nowhere({ ...visit, url: '/?present', host: 'h' });
    expect(html).not.toContain('qr-code');
  });
});

describe('the QR code', () => {
  it.each(['http://192.168.1.5:8080/', `https://vote.example.org/${'x'.repeat(150)}`])(
    'of %s can be scanned',
    (address) => expect(scan(qrCode(address))).toBe(address),
  );
});
