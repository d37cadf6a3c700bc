/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `least` up to and including `most`. */
  between(least: number, most: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** The same things in another order. */
  shuffle<T>(things: readonly T[]): T[];
}

/** @param seed a whole number from 1 to 2^32 - 1 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0 || 1;

  function next(): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  }

  function between(least: number, most: number): number {
    return least + Math.floor(next() * (most - least + 1));
  }

  // small seeds give small first numbers
  for (let i = 0; i < 10; i++) next();

  return {
    next,
    between,
    pick: (from) => from[between(0, from.length - 1)] as (typeof from)[0],
    shuffle(things) {
      const shuffled = [...things];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const other = between(0, i);
        [shuffled[i], shuffled[other]] = [shuffled[other] as never, shuffled[i] as never];
      }
      return shuffled;
    },
  };
}
