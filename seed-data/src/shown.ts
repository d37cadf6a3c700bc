import { addressOf, type Place } from './address.ts';
import { createHttpClient } from './http-client.ts';
import { CannotBegin, insist } from './patience.ts';

export interface ShownConfig {
  /** Where the vote service answers. */
  readonly url: URL;
  readonly place: Place;
  readonly timeLimitMs: number;
}

/** Above the second in which a vote service knows of a change. */
const patienceMs = 5_000;

/**
 * Waits until the vote service knows a poll: it may have been made or opened a moment ago.
 *
 * @throws {CannotBegin} when it says that there is none. Whatever else is wrong the votes will tell
 */
export async function waitUntilShown(
  { url, place, timeLimitMs }: ShownConfig,
  stopped: AbortSignal,
): Promise<void> {
  const http = createHttpClient({ url: addressOf(url, place), connections: 1, timeLimitMs });
  try {
    await insist(
      async () => {
        const answer = await http.send('GET', { accept: 'application/json' }, '').catch(() => undefined);
        if (answer?.status !== 404) return;
        throw new CannotBegin(
          `The vote service at ${url.href} knows no open or closed poll ${place.poll} in the room ${place.room}.`,
          { passing: true },
        );
      },
      patienceMs,
      stopped,
    );
  } finally {
    http.close();
  }
}
