import type { RedisClientOptions } from 'redis';
import type { RedisConfig } from './config.ts';

/** node-redis, reduced to what is the same for one node and for a cluster. Reconnects forever. */
export interface Link {
  /**
   * Sends a command to the node that holds `key`. Rejects at once while there is no connection, and
   * forgets what has not been written to the socket when `signal` aborts.
   */
  send(key: string, args: string[], signal: AbortSignal): Promise<unknown>;
  /** Starts again with new connections; whatever is under way is rejected. */
  reopen(): void;
  /** Closes every connection; whatever is under way is rejected. */
  close(): void;
}

export interface LinkEvents {
  ready(): void;
  /** An attempt to connect failed, or a connection broke. The next attempt follows by itself. */
  failed(error: Error): void;
}

const pingEveryMs = 1_000;

/** What both kinds of link ask of each of their sockets. */
export function clientOptions({ username, password, tls, deadlineMs }: RedisConfig) {
  return {
    RESP: 3,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    // A vote that was refused must not be sent minutes later, when the connection is back.
    disableOfflineQueue: true,
    // A socket on which nothing moves although it was pinged is dead and makes room for a new one.
    pingInterval: pingEveryMs,
    maintNotifications: 'disabled',
    // Each command has its own deadline, which node-redis learns of by a signal.
    commandOptions: { timeout: 0 },
    socket: {
      ...(tls !== undefined && {
        tls: true,
        ...(tls.servername !== undefined && { servername: tls.servername }),
        ...(tls.ca !== undefined && { ca: tls.ca }),
      }),
      connectTimeout: deadlineMs,
      socketTimeout: deadlineMs + pingEveryMs,
      reconnectStrategy: backoffMs,
    },
  } satisfies RedisClientOptions;
}

/** How long to wait before the next attempt, with some chance in it so that not all come at once. */
export function backoffMs(attempt: number): number {
  return Math.min(50 * 2 ** attempt, 2_000) * (0.75 + Math.random() / 2);
}
