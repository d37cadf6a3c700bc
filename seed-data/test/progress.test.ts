import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { showProgress } from '../src/progress.ts';
import { createScore } from '../src/score.ts';

async function shown(terminal: { isTTY?: boolean; columns?: number }): Promise<string> {
  const output = Object.assign(new PassThrough(), terminal);
  const score = createScore();
  const progress = showProgress(4, score, output);
  score.accept(1);
  await new Promise((resolve) => setTimeout(resolve, 150));
  score.accept(1);
  score.accept(1);
  score.refuse({
    kind: 'refused',
    reason: 'queue_full',
    answered: true,
    passing: true,
    retryAfterMs: 0,
    uncertain: false,
  });
  progress.close();
  return output
    .end()
    .setEncoding('utf8')
    .toArray()
    .then((chunks) => chunks.join(''));
}

it('is one bar on a terminal, drawn again and again within its width', async () => {
  const text = await shown({ isTTY: true, columns: 60 });
  const drawn = text.trimEnd().split('\r').slice(1);
  expect(drawn[0]).toMatch(/^██████░{18} {2}25% {2}1 of 4 votes/);
  expect(drawn.at(-1)).toMatch(/^█{24} 100% {2}4 of 4 votes/);
  expect(Math.max(...drawn.map((line) => line.length))).toBeLessThan(60);
  expect(text.match(/\n/g)).toHaveLength(1);
});

it('is plain lines elsewhere: a short run shows only its end', async () => {
  expect(await shown({})).toMatch(/^4 of 4 votes, [\d,]+ a second, 1 refused\n$/);
});
