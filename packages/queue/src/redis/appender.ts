import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Vote } from '@voting/core';
import { NotSent, type RedisConnection } from './connection.ts';
import { asAppendFailure, isSettled } from './failures.ts';

/** The end of one stream. */
export interface Appender {
  /** As `append` of a `VoteQueue`. Settles within the deadline. */
  append(vote: Vote): Promise<void>;
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

const script = readFileSync(new URL('./append.lua', import.meta.url), 'utf8');
const scriptName = createHash('sha1').update(script).digest('hex');

/** Votes that travel together at most: Redis does nothing else meanwhile. */
const largestBatch = 500;

/**
 * Appends to one stream. Votes that arrive while others are on their way travel together behind them:
 * Redis writes to the disk once for all, and a vote costs both sides a fraction of a command. Redis does not
 * append what reaches it later than `deadlineMs` after the vote came, by which time its voter has been
 * told to try again.
 */
export function createAppender(stream: string, redis: RedisConnection, deadlineMs: number): Appender {
  const waiting: Batch[] = [];
  const underWay = new Set<Batch>();
  let busy = false;
  /** Redis' clock less ours; too little by the time that the last answer took to get here, never too much. */
  let clockAhead: number | undefined;

  /** One batch after the other, until none waits. */
  async function depart(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      const arrived = batch;
      await carry(arrived).then(
        () => settle(arrived, arrived.appended.resolve),
        // the next one does not wait until this one has settled
        (error: unknown) => void refuse(arrived, error),
      );
    }
    busy = false;
  }

  async function carry({ texts, traces, since }: Batch): Promise<void> {
    clockAhead ??= await compareClocks();
    const deadline = since + deadlineMs;
    const remainingMs = deadline - performance.now();
    if (remainingMs <= 0) throw new NotSent(new Error(`no turn within ${deadlineMs} ms`));
    const until = String(Math.floor(deadline + clockAhead));
    const votes = ['1', stream, until, String(texts.length / 3), ...texts, ...traces];
    const [now, appended] = await run(votes, remainingMs);
    clockAhead = now - performance.now();
    if (appended === 0) throw new Error(`Redis did not get the votes within ${deadlineMs} ms`);
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

  async function compareClocks(): Promise<number> {
    const [now] = await run(['1', stream, '', '0'], deadlineMs);
    return now - performance.now();
  }

  async function run(args: string[], withinMs: number): Promise<[now: number, appended: number]> {
    try {
      return (await redis.send(stream, ['EVALSHA', scriptName, ...args], withinMs)) as [number, number];
    } catch (error) {
      const unknown = error instanceof Error && error.message.startsWith('NOSCRIPT');
      if (!unknown) throw error;
      return (await redis.send(stream, ['EVAL', script, ...args], withinMs)) as [number, number];
    }
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
    async idle() {
      await Promise.allSettled([...underWay].map(({ appended }) => appended.promise));
    },
  };
}
