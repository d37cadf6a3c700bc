import type { RedisConnection } from './connection.ts';

/**
 * One script, because a consumer that is removed takes its unacknowledged entries with it: between a
 * look and a removal of its own it could come back and receive some.
 */
const script = `
  for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
    local about = {}
    for i = 1, #consumer, 2 do about[consumer[i]] = consumer[i + 1] end
    if about.pending == 0 and about.idle > tonumber(ARGV[2]) then
      redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], about.name)
    end
  end`;

/** Removes the consumers from the group that hold nothing and have not been heard of for `idleMs`. */
export async function removeGoneConsumers(
  redis: RedisConnection,
  stream: string,
  group: string,
  idleMs: number,
): Promise<void> {
  await redis.send(stream, ['EVAL', script, '1', stream, group, String(idleMs)]);
}
