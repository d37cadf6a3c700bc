import { expect, it } from 'vitest';
import { createPacer } from '../src/pacer.ts';

const forever = new AbortController().signal;

it('does not make up for a long stall with a flood', async () => {
  const pacer = createPacer(100);
  await pacer.turn(forever);
  await new Promise((resolve) => setTimeout(resolve, 400));
  const began = performance.now();
  for (let turn = 0; turn < 30; turn++) await pacer.turn(forever);
  // of the 40 turns missed about 10 are made up, the other 20 come at their pace
  expect(performance.now() - began).toBeGreaterThan(150);
});

it('ends its wait when the run is stopped', async () => {
  const pacer = createPacer(0.01);
  await pacer.turn(forever);
  await pacer.turn(AbortSignal.timeout(20));
});
