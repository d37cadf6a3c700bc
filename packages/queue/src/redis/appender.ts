import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Vote } from '@voting/core';
import { createRedisClock } from './clock.ts';
import { NotSent, type RedisConnection } from './connection.ts';
import { asAppendFailure, asFailure, isSettled } from './failures.ts';
import { readScript } from './script.ts';
import { foundingKey } from './streams.ts';

/** The end of one stream. */
export interface Appender {
  /** As `append` of a `VoteQueue`. Settles within the deadline. */
  append(vote: Vote): Promise<void>;
  /**
   * Resolves when Redis would take a vote now.
   *
   * @throws {VotingError} `queue_unavailable`, `queue_foreign`
   */
  check(): Promise<void>;
  /** Resolves when no vote is under way. */
  idle(): Promise<void>;
}

interface Batch {
  /** Poll, voter and option of each vote in turn. */
  readonly texts: string[];
  /** The number (from 1) and the traceparent of each vote that is traced, in turn. */
  readonly traces: string[];
  /** When its first vote came, on the clock of `performance.now()`. */
  readonly since: number;
  readonly appended: PromiseWithResolvers<void>;
}

const script = readScript('./life.lua', './append.lua');

/** Votes that travel together at most: Redis does nothing else meanwhile. */
const largestBatch = 500;

/**
 * Appends to one stream. Votes that arrive while others are on their way travel together behind them:
 * Redis writes to the disk once for all, and a vote costs both sides a fraction of a command. Redis does not
 * append what reaches it later than `deadlineMs` after the vote came, by which time its voter has been
 * told to try again.
 */
export function createAppender(
  stream: string,
  partitions: number,
  redis: RedisConnection,
  deadlineMs: number,
): Appender {
  const keys = [stream, foundingKey(stream)] as const;
  const waiting: Batch[] = [];
  const underWay = new Set<Batch>();
  const clock = createRedisClock(redis);
  let busy = false;

  /** One batch after the other, until none waits. */
  async function depart(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      const arrived = batch;
      try {
        await carry(arrived);
        settle(arrived, arrived.appended.resolve);
      } catch (error) {
        // the next one does not wait until this one has settled
        void refuse(arrived, error);
        // when very many are given up, others have their turn between them
        await nextTurn();
      }
    }
    busy = false;
  }

  async function carry({ texts, traces, since }: Batch): Promise<void> {
    const deadline = since + deadlineMs;
    const votes = texts.length / 3;
    for (;;) {
      if (!clock.isKnown) await compareClocks(deadline);
      const window = [clock.heard, clock.at(deadline)].map((time) => String(Math.floor(time)));
      if ((await run([...window, String(votes), ...texts, ...traces], deadline)) === votes) return;
      if (performance.now() >= deadline)
        throw new Error(`Redis did not get the votes within ${deadlineMs} ms`);
      // its clock was set; now we know to what
    }
  }

  async function refuse(batch: Batch, error: unknown): Promise<void> {
    // it may still be on its way, although the connection it went over is gone
    if (!isSettled(error)) await pause(Math.max(0, batch.since + deadlineMs - performance.now()));
    settle(batch, () => batch.appended.reject(asAppendFailure(error)));
  }

  function settle(batch: Batch, tell: () => void): void {
    underWay.delete(batch);
    tell();
  }

  async function compareClocks(deadline: number): Promise<void> {
    await run(['', '', '0'], deadline);
  }

  /** @returns how many votes were appended */
  async function run(args: readonly string[], deadline: number): Promise<number> {
    if (performance.now() >= deadline) throw new NotSent(new Error(`no turn within ${deadlineMs} ms`));
    const answer = await script.run(redis, keys, [String(partitions), ...args], deadline);
    const [now, appended] = answer as [number, number];
    clock.hear(now);
    return appended;
  }

  function gather(): Batch {
    const batch = {
      texts: [],
      traces: [],
      since: performance.now(),
      appended: Promise.withResolvers<void>(),
    };
    waiting.push(batch);
    underWay.add(batch);
    // behind all that the same turn of the event loop brings
    process.nextTick(depart);
    return batch;
  }

  return {
    append({ poll, voter, option, traceparent }) {
      const last = waiting.at(-1);
      const batch = last === undefined || last.texts.length >= largestBatch * 3 ? gather() : last;
      batch.texts.push(poll, voter, option);
      if (traceparent !== undefined) batch.traces.push(String(batch.texts.length / 3), traceparent);
      return batch.appended.promise;
    },
    async check() {
      try {
        await compareClocks(performance.now() + deadlineMs);
      } catch (error) {
        throw asFailure(error);
      }
    },
    async idle() {
      await Promise.allSettled([...underWay].map(({ appended }) => appended.promise));
    },
  };
}
