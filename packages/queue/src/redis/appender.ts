import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type ErrorCode, type Vote, VotingError } from '@voting/core';
import { createRedisClock } from './clock.ts';
import { NotSent, type RedisConnection } from './connection.ts';
import { asAppendFailure, asFailure, isSettled } from './failures.ts';
import { format, lineOf, longEnough, mostVotes } from './record-batch.ts';
import { readScript } from './script.ts';
import { foundingKey, gatesKey, waitingKey } from './streams.ts';

/** The end of one stream. */
export interface Appender {
  /** As `append` of a `VoteQueue`. Settles within the deadline. */
  append(vote: Vote): Promise<void>;
  /**
   * Resolves when Redis would take a vote now, if the gate of its poll is open.
   *
   * @throws {VotingError} `queue_unavailable`, `queue_foreign`
   */
  check(): Promise<void>;
  /** Resolves when no vote is under way. */
  idle(): Promise<void>;
}

/** What leaves together. */
interface Departure {
  /** By poll. */
  readonly batches: Map<string, Batch>;
  votes: number;
  /** Of all lines together, in characters. */
  length: number;
  /** When its first vote came, on the clock of `performance.now()`. */
  readonly since: number;
}

/** The votes of one poll in it. */
interface Batch {
  lines: string;
  votes: number;
  readonly appended: PromiseWithResolvers<void>;
}

const script = readScript('./life.lua', './stream.lua', './gate.lua', './append.lua');

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
  const keys = [stream, foundingKey(stream), waitingKey(stream), gatesKey(stream)] as const;
  const waiting: Departure[] = [];
  const underWay = new Set<Departure>();
  const clock = createRedisClock(redis);
  let busy = false;

  /** One after the other, until none waits. */
  async function depart(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const leaving = next;
      try {
        arrive(leaving, await carry(leaving));
      } catch (error) {
        // the next one does not wait until this one has settled
        void refuse(leaving, error);
        // when very many are given up, others have their turn between them
        await nextTurn();
      }
    }
    busy = false;
  }

  /** @returns for each batch why it is refused, empty when it is appended */
  async function carry({ batches, since }: Departure): Promise<readonly string[]> {
    const deadline = since + deadlineMs;
    const args = Array.from(batches, ([poll, { votes, lines }]) => [poll, String(votes), lines]).flat();
    for (;;) {
      if (!clock.isKnown) await compareClocks(deadline);
      const window = [clock.heard, clock.at(deadline)].map((time) => String(Math.floor(time)));
      const refusals = await run([...window, format, ...args], deadline);
      if (refusals.length > 0) return refusals;
      if (performance.now() >= deadline)
        throw new Error(`Redis did not get the votes within ${deadlineMs} ms`);
      // its clock was set; now we know to what
    }
  }

  function arrive(departure: Departure, refusals: readonly string[]): void {
    underWay.delete(departure);
    let i = 0;
    for (const { appended } of departure.batches.values()) {
      const refusal = refusals[i++];
      if (refusal === '') appended.resolve();
      else appended.reject(new VotingError(refusal as ErrorCode));
    }
  }

  async function refuse(departure: Departure, error: unknown): Promise<void> {
    // it may still be on its way, although the connection it went over is gone
    if (!isSettled(error)) await pause(Math.max(0, departure.since + deadlineMs - performance.now()));
    underWay.delete(departure);
    const failure = asAppendFailure(error);
    for (const { appended } of departure.batches.values()) appended.reject(failure);
  }

  async function compareClocks(deadline: number): Promise<void> {
    await run(['', '', ''], deadline);
  }

  /** @returns for each batch in `args` why it is refused; for none when they came too late */
  async function run(args: readonly string[], deadline: number): Promise<readonly string[]> {
    if (performance.now() >= deadline) throw new NotSent(new Error(`no turn within ${deadlineMs} ms`));
    const answer = await script.run(redis, keys, [String(partitions), ...args], deadline);
    const [now, ...refusals] = answer as [number, ...string[]];
    clock.hear(now);
    return refusals;
  }

  function gather(): Departure {
    const departure: Departure = { batches: new Map(), votes: 0, length: 0, since: performance.now() };
    waiting.push(departure);
    underWay.add(departure);
    // behind all that the same turn of the event loop brings
    process.nextTick(depart);
    return departure;
  }

  return {
    append(vote) {
      const last = waiting.at(-1);
      const isFull = last === undefined || last.votes >= mostVotes || last.length >= longEnough;
      const departure = isFull ? gather() : last;
      const batch = departure.batches.get(vote.poll) ?? {
        lines: '',
        votes: 0,
        appended: Promise.withResolvers(),
      };
      if (batch.votes === 0) departure.batches.set(vote.poll, batch);
      const line = lineOf(vote);
      batch.lines += line;
      batch.votes++;
      departure.votes++;
      departure.length += line.length;
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
      const batches = [...underWay].flatMap((departure) => [...departure.batches.values()]);
      await Promise.allSettled(batches.map(({ appended }) => appended.promise));
    },
  };
}
