import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { clientOptions, type PostgresConfig } from './config.ts';
import type { Hear } from './session.ts';

const checkEveryMs = 2_000;
const longestPauseMs = 2_000;
const suspectEveryMs = 500;

/**
 * Listens on channels, on a connection of its own. When that breaks, or answers no more, it makes a
 * new one for as long as it takes, and then says that something may have been missed.
 *
 * @returns what ends it; the first connection must succeed, so that the caller knows it is heard
 */
export async function startListening(
  config: PostgresConfig,
  channels: readonly string[],
  hear: Hear,
  onError: (error: Error) => void,
): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  let current = await connect();
  const keeping = keepListening();

  async function connect(): Promise<Client> {
    const client = new Client(clientOptions(config));
    client.on('error', onError);
    client.on('notification', ({ channel, payload }) => hear(channel, payload));
    try {
      await client.connect();
      await client.query(channels.map((channel) => `LISTEN ${client.escapeIdentifier(channel)}`).join('; '));
      return client;
    } catch (error) {
      abandon(client);
      throw error;
    }
  }

  /** A connection that only waits would never learn that its peer is gone; so it is asked. */
  async function keepListening(): Promise<void> {
    while (!stopping.signal.aborted) {
      const intact = await isIntact(current);
      if (intact) {
        await wait(checkEveryMs, current);
        continue;
      }
      abandon(current);
      await reconnect();
    }
    abandon(current);
  }

  async function reconnect(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      try {
        current = await connect();
        hear('', undefined);
        return;
      } catch (error) {
        onError(error as Error);
        await wait(Math.min(longestPauseMs, 50 * 2 ** failures));
      }
    }
  }

  /** Waits, but not beyond the end of `client`'s connection, nor beyond the end of listening. */
  async function wait(ms: number, client?: Client): Promise<void> {
    const ended = new AbortController();
    const end = () => ended.abort();
    client?.once('end', end);
    await pause(ms, undefined, { signal: AbortSignal.any([stopping.signal, ended.signal]) }).catch(() => {});
    client?.off('end', end);
  }

  return async () => {
    stopping.abort();
    await keeping;
  };
}

function isIntact(client: Client): Promise<boolean> {
  return client.query('SELECT 1').then(
    () => true,
    () => false,
  );
}

/**
 * For a server that lets nobody listen, as a read replica does: takes it that something may have changed,
 * twice a second.
 *
 * @returns what ends it
 */
export function startSuspecting(suspect: () => void): () => Promise<void> {
  const timer = setInterval(suspect, suspectEveryMs);
  return async () => clearInterval(timer);
}

/** Lets go of a connection without waiting for a peer that may be gone. */
function abandon(client: Client): void {
  client.removeAllListeners('notification');
  void client.end().catch(() => {});
}
