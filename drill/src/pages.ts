import { createHttpClient } from '@voting/seed-data/http-client';
import type { Shown } from '@voting/seed-data/vote-client';
import type { System } from './system.ts';

/** The pages of rooms as voters have them open: each asks now and then what is on, and shows that until it hears of another. */
export interface Pages {
  /** What the page of a room shows; undefined while nothing is on. */
  shown(room: string): Shown | undefined;
  close(): void;
}

const askEveryMs = 500;
const timeLimitMs = 2_000;

export function openPages({ votes }: System, rooms: readonly string[]): Pages {
  const clients = votes.map(({ address }) =>
    createHttpClient({ url: new URL(address), connections: rooms.length, timeLimitMs }),
  );
  const shown = new Map<string, Shown | undefined>();
  let asked = 0;

  async function ask(room: string): Promise<void> {
    const client = clients[asked++ % clients.length] as (typeof clients)[0];
    try {
      const { status, text } = await client.send('GET', { accept: 'application/json' }, '', `/${room}`);
      if (status !== 200) return;
      const { poll } = JSON.parse(text) as { poll: { id: string; edition: string } | null };
      shown.set(room, poll === null ? undefined : { poll: poll.id, edition: poll.edition });
    } catch {
      // it stands as it is, and asks again
    }
  }

  const timer = setInterval(() => {
    for (const room of rooms) void ask(room);
  }, askEveryMs);
  return {
    shown: (room) => shown.get(room),
    close() {
      clearInterval(timer);
      for (const client of clients) client.close();
    },
  };
}
