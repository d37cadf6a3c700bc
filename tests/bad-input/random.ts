/** Numbers that look random and are the same again for the same seed, so that what went wrong can be repeated. */
export interface Random {
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** Whether something happens that happens once in `times`. */
  oneIn(times: number): boolean;
  /** Random bytes, one character each. */
  bytes(min: number, max: number): string;
  /** Random letters and digits. */
  word(min: number, max: number): string;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** The generator is the public-domain mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed;

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  const repeat = (min: number, max: number, character: () => string) =>
    Array.from({ length: between(min, max) }, character).join('');

  return {
    between,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
    oneIn: (times) => between(1, times) === 1,
    bytes: (min, max) => repeat(min, max, () => String.fromCharCode(between(0, 255))),
    word: (min, max) => repeat(min, max, () => alphabet.charAt(between(0, alphabet.length - 1))),
  };
}
