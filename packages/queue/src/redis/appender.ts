import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Vote } from '@voting/core';
import type { RedisConnection } from './connection.ts';

/** Appends votes to one stream; resolves when Redis has answered. */
export type Append = (vote: Vote) => Promise<void>;

interface Batch {
  /** Poll, voter and option of each vote in turn. */
  readonly texts: string[];
  /** The number (from 1) and the traceparent of each vote that is traced, in turn. */
  readonly traces: string[];
  readonly appended: Promise<void>;
  send(): void;
}

const script = readFileSync(new URL('./append.lua', import.meta.url), 'utf8');
const scriptName = createHash('sha1').update(script).digest('hex');

/** Votes that travel together at most: Redis does nothing else meanwhile. */
const largestBatch = 500;

/**
 * Votes that arrive together travel together. Redis does not append what reaches it later than
 * `deadlineMs`, by which time its voter has been told to try again.
 */
export function createAppender(stream: string, redis: RedisConnection, deadlineMs: number): Append {
  let gathering: Batch | undefined;
  /** Redis' clock less ours; too little by the time that the last answer took to get here, never too much. */
  let clockAhead: number | undefined;

  async function append({ texts, traces }: Batch): Promise<void> {
    const start = performance.now();
    clockAhead ??= await compareClocks();
    const deadline = String(Math.floor(start + clockAhead + deadlineMs));
    const [now, appended] = await run(['1', stream, deadline, String(texts.length / 3), ...texts, ...traces]);
    clockAhead = now - performance.now();
    if (appended === 0) throw new Error(`Redis did not get the votes within ${deadlineMs} ms`);
  }

  async function compareClocks(): Promise<number> {
    const [now] = await run(['1', stream, '', '0']);
    return now - performance.now();
  }

  async function run(args: string[]): Promise<[now: number, appended: number]> {
    try {
      return (await redis.send(stream, ['EVALSHA', scriptName, ...args])) as [number, number];
    } catch (error) {
      const unknown = error instanceof Error && error.message.startsWith('NOSCRIPT');
      if (!unknown) throw error;
      return (await redis.send(stream, ['EVAL', script, ...args])) as [number, number];
    }
  }

  function gather(): Batch {
    const { promise, resolve } = Promise.withResolvers<void>();
    const batch: Batch = {
      texts: [],
      traces: [],
      appended: promise.then(() => append(batch)),
      send: resolve,
    };
    setImmediate(send, batch);
    return batch;
  }

  function send(batch: Batch): void {
    if (gathering === batch) gathering = undefined;
    batch.send();
  }

  return ({ poll, voter, option, traceparent }) => {
    gathering ??= gather();
    const batch = gathering;
    batch.texts.push(poll, voter, option);
    if (traceparent !== undefined) batch.traces.push(String(batch.texts.length / 3), traceparent);
    if (batch.texts.length >= largestBatch * 3) send(batch);
    return batch.appended;
  };
}
