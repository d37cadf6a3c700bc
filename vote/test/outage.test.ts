import { VotingError } from '@voting/core';
import { definitionsOf, directoryOf, openPoll } from '@voting/core/testing';
import { createRegistry } from '@voting/runtime';
import { createVoteMetrics, createVoteServer } from '@voting/vote';
import { pino } from 'pino';
import { expect, it } from 'vitest';

it('an outage of the queue is logged once, not for each vote that is refused', async () => {
  const lines: string[] = [];
  const queue = {
    append: () => Promise.reject(new VotingError('queue_unavailable', { cause: new Error('no Redis') })),
    async close() {},
  };
  const server = createVoteServer(
    {
      voterSecrets: ['a secret of the tests'],
      resultUrl: undefined,
      votesPerMinute: undefined,
      newVotersPerHour: undefined,
      trustProxy: false,
    },
    {
      queue,
      directory: directoryOf(definitionsOf([openPoll()])),
      metrics: createVoteMetrics(createRegistry()),
      log: pino({ level: 'info' }, { write: (line) => void lines.push(line) }),
    },
  );
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  lines.length = 0;
  for (let n = 0; n < 200; n++) {
    const answer = await fetch(address, { method: 'POST', body: new URLSearchParams({ vote: 'a' }) });
    expect(answer.status).toBe(503);
    await answer.arrayBuffer();
  }
  await server.close();
  // it begins, and goes on where this takes long
  expect(lines.length).toBeLessThan(20);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 50,
    msg: 'trouble begins',
    trouble: 'queue_unavailable',
    err: { code: 'queue_unavailable' },
  });
});
