import { withRedis } from '../stores.ts';
import type { System } from '../system.ts';
import type { Fault } from './fault.ts';

/** Redis has used up the memory it may use, and takes nothing more. */
export function fullRedis({ redis }: System): Fault[] {
  return [
    {
      kind: 'Redis out of memory',
      target: redis.name,
      holds: [redis.name],
      lastsMs: [300, 5_000],
      async inject() {
        await setMemory('1');
        return () => setMemory('0');
      },
    },
  ];

  async function setMemory(bytes: string): Promise<void> {
    await withRedis(redis.server.url, (client) => client.configSet('maxmemory', bytes));
  }
}
