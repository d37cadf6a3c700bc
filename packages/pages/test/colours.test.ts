import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, difference, type Rgb, rgb, seenBy } from './colour.ts';

const css = readFileSync(new URL('../assets/base.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = css.split('prefers-color-scheme: dark');

function tokensIn(text: string): Map<string, Rgb> {
  const found = text.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g);
  return new Map([...found].map(([, name = '', hex = '']) => [name, rgb(hex)]));
}

describe.each([
  ['light', tokensIn(light)],
  ['dark', tokensIn(dark)],
])('the %s colours', (_name, tokens) => {
  function token(name: string): Rgb {
    const colour = tokens.get(name);
    if (colour === undefined) throw new Error(`base.css has no --${name} here`);
    return colour;
  }
  const hues = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`hue-${n}`));

  it.each(['ink', 'quiet', 'accent', 'good', 'warn', 'bad'])(
    'of text, --%s, are AA on paper and card',
    (text) => {
      for (const ground of ['paper', 'card']) {
        expect(contrast(token(text), token(ground)), ground).toBeGreaterThanOrEqual(4.5);
      }
    },
  );

  it('of options are AA behind their letter, and stand out from page, card and track', () => {
    for (const hue of hues) {
      expect(contrast(hue, token('on-hue'))).toBeGreaterThanOrEqual(4.5);
      for (const ground of ['paper', 'card', 'track']) {
        expect(contrast(hue, token(ground)), ground).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it('of edges stand out', () => {
    for (const ground of ['paper', 'card']) {
      expect(contrast(token('edge'), token(ground)), ground).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(['everybody', 'protanopia', 'deuteranopia', 'tritanopia'] as const)(
    'of neighbouring options differ for %s',
    (vision) => {
      const seen = hues.map((hue) => seenBy(vision, hue));
      const differences = seen.map((hue, i) => difference(hue, seen[(i + 1) % seen.length] as Rgb));
      // a just noticeable difference is about 0.02
      expect(Math.min(...differences), JSON.stringify(differences.map((d) => d.toFixed(3)))).toBeGreaterThan(
        0.06,
      );
    },
  );
});
