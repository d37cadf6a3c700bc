import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Vote } from '@voting/core';
import { createRedisClock } from './clock.ts';
import { NotSent, type RedisConnection } from './connection.ts';
import { asAppendFailure, asFailure, isSettled } from './failures.ts';
import { format, lineOf, longEnough, mostVotes } from './record-batch.ts';
import { readScript } from './script.ts';
import { foundingKey, waitingKey } from './streams.ts';

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

/** What leaves together: a record batch for each poll. */
interface Batch {
  /** The lines of each poll. */
  readonly lines: Map<string, string>;
  votes: number;
  /** Of all lines together, in characters. */
  length: number;
  /** When its first vote came, on the clock of `performance.now()`. */
  readonly since: number;
  readonly appended: PromiseWithResolvers<void>;
}

const script = readScript('./life.lua', './append.lua');

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
  const keys = [stream, foundingKey(stream), waitingKey(stream)] as const;
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

  async function carry({ lines, votes, since }: Batch): Promise<void> {
    const deadline = since + deadlineMs;
    const batches = [...lines].flat();
    for (;;) {
      if (!clock.isKnown) await compareClocks(deadline);
      const window = [clock.heard, clock.at(deadline)].map((time) => String(Math.floor(time)));
      if ((await run([...window, String(votes), format, ...batches], deadline)) === votes) return;
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
    const batch: Batch = {
      lines: new Map(),
      votes: 0,
      length: 0,
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
    append(vote) {
      const last = waiting.at(-1);
      const isFull = last === undefined || last.votes >= mostVotes || last.length >= longEnough;
      const batch = isFull ? gather() : last;
      const line = lineOf(vote);
      batch.lines.set(vote.poll, (batch.lines.get(vote.poll) ?? '') + line);
      batch.votes++;
      batch.length += line.length;
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
