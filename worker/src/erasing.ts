import type { PollStore } from '@voting/core';

/** Few enough that no batch waits long for them. */
const votesAtOnce = 2_000;
/** Of a beat, so that the next one is not late. */
const longestMs = 500;

/** Deletes what is left of polls that were removed, some of it in each beat. */
export async function eraseRemovedPolls(store: Pick<PollStore, 'erase'>): Promise<void> {
  const end = performance.now() + longestMs;
  while (performance.now() < end && (await store.erase(votesAtOnce)));
}
