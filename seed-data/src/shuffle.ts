import type { Plan } from './plan.ts';

/**
 * All votes of the plan, mixed evenly: each is drawn at random from those that remain, so the live
 * result moves as real votes would. The order is the same every time, and takes no memory per vote.
 */
export function* shuffle(plan: Plan): Generator<string, void, void> {
  const remaining = [...plan.votes].map(([option, count]) => ({ option, count }));
  const random = createRandom();
  for (let left = plan.total; left > 0; left--) {
    let draw = Math.floor(random() * left);
    for (const pile of remaining) {
      if (draw < pile.count) {
        pile.count--;
        yield pile.option;
        break;
      }
      draw -= pile.count;
    }
  }
}

/** Numbers from 0 up to, not including, 1: xorshift with a fixed seed, because Math.random takes none. */
function createRandom(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
