import {
  describeShortcomings,
  type RedisConfig,
  type Shortcoming,
  watchDurability,
} from '@voting/queue/redis';
import { CannotStart, type Opened } from '@voting/runtime';
import type { WorkerMetrics } from './metrics.ts';

interface DurabilitySettings {
  readonly redis: RedisConfig;
  readonly durability: { readonly required: boolean };
}

/**
 * Watches whether Redis is set to keep what it acknowledges: says it in the log when that changes, and in a
 * metric all the time.
 *
 * @throws {CannotStart} when it has to and is not, as soon as Redis has answered
 */
export async function watchQueue(
  { redis, durability }: DurabilitySettings,
  metrics: WorkerMetrics,
  { log, closing }: Pick<Opened, 'log' | 'closing'>,
): Promise<void> {
  let said: string | undefined;

  function seen(shortcomings: readonly Shortcoming[]): void {
    metrics.durability(shortcomings.length === 0);
    const fault = describeShortcomings(shortcomings);
    if (fault === said) return;
    said = fault;
    if (fault === '') log.info('Redis keeps what it acknowledges');
    else log.warn({ fault }, 'Redis may lose votes that it has acknowledged');
  }

  const watch = watchDurability(redis, seen, (error) => {
    // later the consumer says it, which is connected as well
    if (said === undefined) log.warn({ err: error }, 'trouble with Redis');
  });
  closing.add('durability watch', () => watch.close());
  if (!durability.required) return;
  const shortcomings = await watch.first;
  if (shortcomings.length > 0) {
    throw new CannotStart(
      `Redis may lose votes that it has acknowledged: ${describeShortcomings(shortcomings)}. Set it so, or set REDIS_DURABILITY=trusted if you know by other means that it keeps them.`,
    );
  }
}
