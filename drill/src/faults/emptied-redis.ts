import { setTimeout as pause } from 'node:timers/promises';
import { withRedis } from '../stores.ts';
import type { System } from '../system.ts';
import type { Fault } from './fault.ts';

const hour = 3_600;
const drainMs = 20_000;

/** Empties Redis in the same step in which it sees that every vote in it was counted. */
const emptyWhenCounted = `
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', 'votes')) do
    local about = {}
    for i = 1, #group, 2 do about[group[i]] = group[i + 1] end
    local next = redis.call('XRANGE', 'votes', '(' .. about['last-delivered-id'], '+', 'COUNT', 1)
    if about.pending > 0 or #next > 0 then return 0 end
  end
  redis.call('FLUSHALL')
  return 1`;

/**
 * Redis is replaced by an empty one whose clock is an hour behind. Votes that wait would be lost with the old
 * one, rightly, so it happens when none waits; nothing else goes wrong meanwhile, or that might never be.
 */
export function emptiedRedis({ services, lines, redis, redisClock, postgres, clocks }: System): Fault[] {
  return [
    {
      kind: redisClock === undefined ? 'Redis emptied' : 'Redis emptied, and its clock an hour back',
      target: redis.name,
      holds: [
        ...[...services, ...lines, redis, postgres].map(({ name }) => name),
        ...Array.from(clocks.keys(), (name) => `clock of ${name}`),
      ],
      lastsMs: [6_000, 6_000],
      async inject() {
        await redisClock?.set(-hour);
        await withRedis(redis.server.url, async (client) => {
          const deadline = performance.now() + drainMs;
          let emptied: unknown = 0;
          while (emptied === 0) {
            if (performance.now() > deadline)
              throw new Error('there was no moment at which every vote was counted');
            // takes no votes until a worker has looked, which gives them time to count what is there
            await client.del('{votes}:founded');
            for (let turn = 0; turn < 40 && emptied === 0; turn++) {
              emptied = await client.eval(emptyWhenCounted);
              await pause(10);
            }
          }
        });
        return async () => redisClock?.set(0);
      },
    },
  ];
}
