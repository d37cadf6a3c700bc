import {
  ClientClosedError,
  ClientOfflineError,
  DisconnectsClientError,
  RootNodesUnavailableError,
} from 'redis';
import { openCluster } from './cluster-link.ts';
import type { RedisConfig } from './config.ts';
import { createDeadlines } from './deadlines.ts';
import type { Link } from './link.ts';
import { openNode } from './node-link.ts';

/** Why a command was not sent: it has no effect, now or later. */
export class NotSent extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'NotSent';
  }
}

/**
 * A connection to Redis that is always on its way back: it may be made before Redis is there, and
 * survives every restart, failover and broken line without being told.
 *
 * Whatever is asked of it settles in the time it is given. It rejects with what Redis
 * answered, or with what keeps the connection from being made, as `NotSent` when there is none. Commands
 * that Redis did not get in time are dropped, never sent later; those on their way when the time was over,
 * or when their connection broke, may still be carried out.
 */
export interface RedisConnection {
  /**
   * Resolves with the answer to one command, as node-redis decodes it.
   *
   * @param key the stream it is about
   * @param withinMs when it is given up; `deadlineMs` of the configuration, if nothing else is said
   */
  send(key: string, args: string[], withinMs?: number): Promise<unknown>;
  /** How many connections there have been. While it stays the same, the same servers answer. */
  readonly connectionsMade: number;
  /** Closes the sockets at once. What is still under way is rejected. */
  close(): void;
}

/** What is under way to one key, that is, over one socket. */
interface Lane {
  /** Commands whose time is over and that neither Redis nor a broken connection has settled since. */
  overdue: number;
  overdueSince: number;
}

/** For so many deadlines a socket may be silent before all connections are made anew. */
const patience = 3;
const reopenEveryMs = 1_000;

/**
 * Connects to one Redis node or a cluster.
 *
 * `onError` is told of every failed attempt to connect and every broken connection, for the log;
 * there is nothing to be done about them.
 */
export function connectRedis(config: RedisConfig, onError: (error: Error) => void): RedisConnection {
  const deadlines = createDeadlines();
  const lanes = new Map<string, Lane>();
  let firstAttempt: PromiseWithResolvers<void> | undefined = Promise.withResolvers<void>();
  let trouble: Error | undefined;
  let openedAt = performance.now();
  let connectionsMade = 0;

  const link: Link = (config.cluster ? openCluster : openNode)(config, {
    ready() {
      connectionsMade++;
      trouble = undefined;
      attempted();
    },
    failed(error) {
      trouble = error;
      attempted();
      onError(error);
    },
  });

  function attempted(): void {
    firstAttempt?.resolve();
    firstAttempt = undefined;
  }

  function laneOf(key: string): Lane {
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const lane = { overdue: 0, overdueSince: 0 };
    lanes.set(key, lane);
    return lane;
  }

  function reopen(): void {
    const now = performance.now();
    if (now - openedAt < reopenEveryMs) return;
    openedAt = now;
    link.reopen();
  }

  /** The error that says most: rather why there is no connection than that there is none. */
  function telling(error: unknown): unknown {
    const neverSent =
      error instanceof ClientOfflineError ||
      error instanceof ClientClosedError ||
      error instanceof RootNodesUnavailableError;
    if (neverSent) return new NotSent(trouble ?? error);
    return error instanceof DisconnectsClientError ? (trouble ?? error) : error;
  }

  async function ask(key: string, args: string[], signal: AbortSignal): Promise<unknown> {
    if (firstAttempt !== undefined) {
      await firstAttempt.promise;
      signal.throwIfAborted();
    }
    return link.send(key, args, signal);
  }

  return {
    get connectionsMade() {
      return connectionsMade;
    },
    send(key, args, withinMs = config.deadlineMs) {
      const lane = laneOf(key);
      if (lane.overdue > 0) {
        // More would only wait in the same line. And a socket that is no longer written to falls
        // silent, by which node-redis knows that it is dead.
        if (performance.now() - lane.overdueSince > patience * config.deadlineMs) reopen();
        return Promise.reject(new NotSent(new Error('Redis has stopped answering', { cause: trouble })));
      }
      return new Promise((resolve, reject) => {
        let late = false;
        const deadline = deadlines.start(withinMs, () => {
          late = true;
          if (lane.overdue === 0) lane.overdueSince = performance.now();
          lane.overdue++;
          reject(new Error(`Redis did not answer in ${Math.round(withinMs)} ms`, { cause: trouble }));
        });
        const settled = () => {
          if (late) lane.overdue--;
          else deadline.met();
        };
        ask(key, args, deadline.signal).then(
          (answer) => {
            settled();
            resolve(answer);
          },
          (error: unknown) => {
            settled();
            // It was the master and is a replica now; the name leads to the new master by and by.
            if (error instanceof Error && error.message.startsWith('READONLY')) reopen();
            reject(telling(error));
          },
        );
      });
    },
    close() {
      attempted();
      link.close();
    },
  };
}
