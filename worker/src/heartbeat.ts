import {
  type Announcements,
  announceChanges,
  type PollStore,
  type VoteConsumer,
  type VoteStore,
} from '@voting/core';
import type { Log } from '@voting/runtime';
import { eraseRemovedPolls } from './erasing.ts';
import type { WorkerMetrics } from './metrics.ts';
import { settleClosedPolls } from './settling.ts';

interface HeartbeatDeps {
  readonly consumer: VoteConsumer;
  readonly store: VoteStore & PollStore;
  readonly announcements: Announcements;
  readonly metrics: WorkerMetrics;
  readonly log: Log;
}

const everyMs = 1_000;

/**
 * Says every second in the store that this worker lives, how much waits, and which polls are over, announces what has changed
 * in the store, and erases some of what was removed. A beat that fails is skipped: its absence is what the result service
 * reports. Beats do not pile up behind a slow store.
 */
export function startHeartbeat(worker: string, deps: HeartbeatDeps) {
  const { consumer, store, announcements, metrics, log } = deps;
  let beating: Promise<void> | undefined;
  let stopped = false;

  async function beat(): Promise<void> {
    try {
      const backlog = await consumer.backlog();
      metrics.waiting(backlog);
      if (stopped) return;
      await store.beat(worker, backlog);
      metrics.beaten();
      await settleClosedPolls({ consumer, store, log });
      await announceChanges(store, announcements);
      await eraseRemovedPolls(store);
    } catch (error) {
      log.debug({ err: error }, 'heartbeat skipped');
    }
  }

  function beatOnce(): void {
    beating ??= beat().finally(() => {
      beating = undefined;
    });
  }

  beatOnce();
  const timer = setInterval(beatOnce, everyMs);
  return {
    async stop(): Promise<void> {
      stopped = true;
      clearInterval(timer);
      await beating;
    },
  };
}
