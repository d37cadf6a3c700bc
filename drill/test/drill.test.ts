import { expect, it } from 'vitest';
import { run } from '../../tests/product.ts';
import { ownPostgres } from '../../tests/servers/postgres.ts';
import { ownRedis } from '../../tests/servers/redis.ts';

// `npm run drill` lasts as long as one likes; this is the shortest that says something.
it.runIf(ownRedis && ownPostgres)(
  'a short drill with a dozen faults loses no vote and counts none twice',
  { timeout: 180_000 },
  async () => {
    const flags = '--minutes 0.4 --seed 11 --rate 300 --faults-per-minute 30'.split(' ');
    const { code, output } = await run('drill/src/main.ts', flags);
    expect([code, output]).toEqual([0, expect.stringContaining('Every promise was kept.')]);
    expect(output).toMatch(/12 faults, [\d,]{5,} votes acknowledged/);
  },
);
