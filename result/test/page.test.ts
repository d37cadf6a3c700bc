import type { HostedPoll, Place } from '@voting/core';
import { openPoll } from '@voting/core/testing';
import { placeOf } from '@voting/pages';
import type { ResultsFeed } from '@voting/result';
import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { createResultPages, viewOf } from '../src/page.ts';
import { qrCode } from '../src/qr-code.ts';
import { resultsOf } from '../src/results.ts';

const poll = openPoll('main', '<i>Cats</i> vs Dogs!', ['"Cats"', 'كلاب']);
const tally = { a: 2, b: 1 };
const pipeline = { beatAge: 0, delay: 0, pending: 0 };

function feedOf(changes: Partial<HostedPoll> | null = {}, title = ''): ResultsFeed {
  const shown = changes === null ? undefined : { ...poll, ...changes };
  const votes = { tally, changedAt: new Date(0) };
  return {
    at: async ({ room }) => resultsOf({ id: room, title }, shown, votes, { pipeline, readAt: 0 }, 0),
    history: async () => ({ stepSeconds: 10, votes: [1, 0, 3] }),
    follow: () => () => {},
    stop: async () => {},
  };
}
const assets = { url: (name: string) => `/assets/0/${name}` };

const visit = { secure: false, wantsJson: false, cookies: undefined, acceptLanguage: undefined };

async function render(
  url: string,
  host = 'hall.example:8081',
  { voteUrl = ':8080', feed = feedOf() }: { voteUrl?: string; feed?: ResultsFeed } = {},
) {
  const pages = createResultPages({ voteUrl, nameInNetwork: '192.168.1.5' }, feed, assets);
  return (await pages.results(placeOf(url) as Place, { ...visit, url, host })).html;
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

  it('shows bars and the line before any script has run', async () => {
    const html = await render('/');
    expect(html).toMatch(/<tr [^>]*data-option="a">.*?<rect class="fill" width="67%"/s);
    expect(html).toMatch(/<tr [^>]*data-option="b">.*?<rect class="fill" width="33%"/s);
    expect(html).toContain('<path d="M0 13.33L30 20L60 0"/>');
  });

  it('claims to be live only where no script could take that back', async () => {
    const html = await render('/');
    expect(html).toMatch(/id="condition" data-kind="connecting"/);
    expect(html.match(/data-kind="live"/g)).toHaveLength(1);
    expect(html).toMatch(/<noscript><p class="condition" data-kind="live">/);
  });

  it('escapes what the poll and its room say', async () => {
    for (const url of ['/', '/?present', '/?embed']) {
      const html = await render(url, undefined, { feed: feedOf({}, '<i>The hall</i>') });
      expect(html).not.toContain('<i>');
      expect(html).toContain('&lt;i&gt;Cats&lt;/i&gt; vs Dogs!');
      expect(html).toContain('&lt;i&gt;The hall&lt;/i&gt;');
    }
  });

  it('leads a hall to the vote page of the host it was asked under', async () => {
    expect(await render('/?present')).toMatch(/class="address" dir="ltr">hall\.example:8080</);
    expect(await render('/?present', 'hall.example:8081', { voteUrl: 'https://vote.example/' })).toMatch(
      />vote\.example</,
    );
  });

  it('of a room leads to that room, and to its other views', async () => {
    const html = await render('/204817?present');
    expect(html).toMatch(/class="address" dir="ltr">hall\.example:8080\/204817</);
    expect(html).toContain('href="/204817"');
    const own = await render('/204817/main');
    expect(own).toContain('href="http://hall.example:8080/204817/main"');
    expect(own).toContain('href="/204817/main?present"');
  });

  it.each(['localhost:8081', '127.0.0.1:8081', '[::1]:8081'])(
    'asked under %s leads phones to the name of the machine in its network',
    async (host) => expect(await render('/?present', host)).toMatch(/>192\.168\.1\.5:8080</),
  );

  it('has no link in a frame, and no code when there is nowhere to vote', async () => {
    expect(await render('/?embed')).not.toContain('<a ');
    const nowhere = createResultPages({ voteUrl: undefined, nameInNetwork: undefined }, feedOf(), assets);
    const place = placeOf('/') as Place;
    const { html } = await nowhere.results(place, { ...visit, url: '/?present', host: 'h' });
    expect(html).not.toContain('qr-code');
  });

  it.each(['/', '/?present', '/?embed'])(
    'at %s shows how many have voted and nothing else while votes are hidden',
    async (url) => {
      for (const visibility of ['closed', 'host'] as const) {
        const html = await render(url, undefined, { feed: feedOf({ visibility }) });
        expect(html).toContain('3 votes in total');
        expect(html.match(/<td [^>]*class="(percent|count)"><\/td>/g)).toHaveLength(4);
        expect(html.match(/width="0%"/g)).toHaveLength(2);
        expect(html).not.toMatch(/67|33%|Ahead/);
      }
      const closed = await render(url, undefined, {
        feed: feedOf({ visibility: 'closed', state: 'closed' }),
      });
      expect(closed).toContain('width="67%"');
    },
  );

  it('says that it is final, and that it was before', async () => {
    const final = await render('/', undefined, { feed: feedOf({ state: 'closed', final: true }) });
    expect(final).toContain('data-kind="final">Final result');
    expect(final).toMatch(/Won: .*Cats/);
    expect(final).toMatch(/id="reopened" hidden/);
    expect(await render('/', undefined, { feed: feedOf({ openings: 2 }) })).toMatch(
      /id="reopened">Opened again/,
    );
  });

  it('says calmly that nothing is on, with the way in', async () => {
    const html = await render('/204817?present', undefined, { feed: feedOf(null, 'The hall') });
    expect(html).toContain('No vote at the moment');
    expect(html).toContain('hall.example:8080/204817');
  });
});

describe('the QR code', () => {
  it.each(['http://192.168.1.5:8080/', `https://vote.example.org/${'x'.repeat(150)}`])(
    'of %s can be scanned',
    (address) => expect(scan(qrCode(address))).toBe(address),
  );
});
