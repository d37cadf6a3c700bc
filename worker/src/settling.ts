import type { PollStore, VoteConsumer } from '@voting/core';
import type { Log } from '@voting/runtime';

export interface SettlingDeps {
  readonly consumer: Pick<VoteConsumer, 'closings'>;
  readonly store: Pick<PollStore, 'unsettled' | 'settle'>;
  readonly log: Log;
}

/**
 * Finds out which polls are over, closed by a host or by their schedule, and which of them are counted to the last vote, and
 * tells the store. All workers do so; what one has found out is no news from another.
 */
export async function settleClosedPolls({ consumer, store, log }: SettlingDeps): Promise<void> {
  const unsettled = await store.unsettled();
  if (unsettled.length === 0) return;
  for (const [poll, closing] of await consumer.closings(unsettled)) {
    const isNews = await store.settle(poll, closing);
    if (isNews) log.info({ poll, ...closing }, closing.counted ? 'final' : 'closed, counting the last votes');
  }
}
