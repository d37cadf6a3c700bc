import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RedisConnection } from './connection.ts';

/** A Lua script that Redis runs as one step, on keys that lie on the same node. */
export interface Script {
  /**
   * Redis gets the text only when it does not know the script.
   *
   * @param until when it is given up, on the clock of `performance.now()`
   */
  run(
    redis: RedisConnection,
    keys: readonly [string, ...string[]],
    args: readonly string[],
    until: number,
  ): Promise<unknown>;
}

/** The files of this folder, one after the other, as one script. */
export function readScript(...files: readonly string[]): Script {
  const text = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');
  const name = createHash('sha1').update(text).digest('hex');
  return {
    async run(redis, keys, args, until) {
      const rest = [String(keys.length), ...keys, ...args];
      const left = () => until - performance.now();
      try {
        return await redis.send(keys[0], ['EVALSHA', name, ...rest], left());
      } catch (error) {
        const unknown = error instanceof Error && error.message.startsWith('NOSCRIPT');
        if (!unknown) throw error;
        return redis.send(keys[0], ['EVAL', text, ...rest], left());
      }
    },
  };
}
