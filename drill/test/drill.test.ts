import { expect, it } from 'vitest';
import { run } from '../../tests/product.ts';
import { ownPostgres } from '../../tests/servers/postgres.ts';
import { ownRedis } from '../../tests/servers/redis.ts';

// `npm run drill` lasts as long as one likes; this is the shortest that says something.
it.runIf(ownRedis && ownPostgres)(
  'a short drill with a dozen faults loses no vote, counts none twice, and closes polls exactly',
  { timeout: 180_000 },
  async () => {
    const flags = '--minutes 0.4 --seed 11 --rate 300 --faults-per-minute 30'.split(' ');
    const { code, output } = await run('drill/src/main.ts', flags);
    expect([code, output]).toEqual([0, expect.stringContaining('Every promise was kept.')]);
    expect(output).toMatch(/12 faults, \d+ things that hosts did, [\d,]{5,} votes acknowledged/);
    for (const act of ['opened', 'moved on']) expect(output).toMatch(new RegExp(`\\| ${act} \\| [1-9]`));
    expect(output).toMatch(/\| (closed by|removed|opened again)[a-z ]* \| [1-9]/);
  },
);
