import { find } from './page.ts';

/** With the chance below, a page notices within 3 seconds, and those of a hall do not ask at the same moment. */
const askEveryMs = 2_000;
const chanceMs = 600;
const patienceMs = 5_000;

/**
 * Asks every few seconds whether the page is still what is on, while it can be seen, and goes to what has come instead; not
 * while a vote is under way.
 */
export function followRoom(isBusy: () => boolean): void {
  const seen = `"${document.body.dataset.tag}"`;
  const behind = find(document, '#behind');
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(): Promise<void> {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(location.pathname, {
        headers: { accept: 'application/json', 'if-none-match': seen },
        cache: 'no-store',
        signal: AbortSignal.timeout(patienceMs),
      });
      behind.hidden = answer.status !== 503;
      const isNews = answer.status === 404 || (answer.ok && answer.headers.get('etag') !== seen);
      // not a reload: that would send a form once more
      if (isNews && !isBusy()) location.replace(location.pathname);
    } catch {
      // what is shown stays right for as long as nothing else is known
    }
    timer = setTimeout(ask, askEveryMs + Math.random() * chanceMs);
  }

  timer = setTimeout(ask, askEveryMs);
  document.addEventListener('visibilitychange', () => void ask());
}
