import { type Announcements, announce, type PollStore } from '@voting/core';

export interface AnnouncingDeps {
  readonly store: Pick<PollStore, 'unannounced' | 'announced'>;
  readonly announcements: Announcements;
}

/**
 * Announces the rooms and polls that have changed in the store and are not known to be announced. Whoever changes them does so
 * at once; this is for what a process left undone that was killed in between, and for what counting finds out.
 */
export async function announceChanges({ store, announcements }: AnnouncingDeps): Promise<void> {
  const news = await store.unannounced();
  if (news.length === 0) return;
  await announce(news, announcements);
  await store.announced(news);
}
