import type { RedisQueueConfig } from './config.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { type Entry, type Place, takePlace } from './entries.ts';
import type { Fields } from './record-batch.ts';
import { readScript } from './script.ts';
import { deadLetterStream, partitionOf, streamNames, waitingKey } from './streams.ts';

const script = readScript('./count.lua', './put-back.lua');

/** An entry that was set aside, by its reason, and how often there is one. */
export type DeadLetterCounts = ReadonlyMap<string, number>;

export interface DeadLetterReplay {
  /** How many dead letters there are, by their reasons. */
  count(): Promise<DeadLetterCounts>;
  /**
   * Puts those back into the queue that are there now and have this reason, or all of them. They keep the
   * place in the order of votes that they had at first, so that none replaces what its voter chose later.
   * Whoever is interrupted may begin again: what was put back twice counts once.
   *
   * @returns how many
   */
  putBack(reason: string | undefined): Promise<number>;
  close(): void;
}

const pageSize = 500;

interface DeadLetter {
  readonly id: string;
  readonly reason: string;
  /** Where it belongs in the order. */
  readonly place: Place;
  readonly fields: Fields;
}

/** Opens the dead letters of these streams, and of the one stream of an earlier time without partitions. */
export function openDeadLetters(config: RedisQueueConfig, onError: (error: Error) => void): DeadLetterReplay {
  const redis = connectRedis(config, onError);
  const streams = streamNames(config);
  const sources = [...new Set([...streams, config.stream])].map(deadLetterStream);

  async function putBackOne(dead: string, { id, place, fields }: DeadLetter): Promise<void> {
    const voter = fields[fields.indexOf('voter') + 1] ?? '';
    const stream = streams[partitionOf(voter, streams.length)] as string;
    const until = performance.now() + config.deadlineMs;
    const keys = [stream, waitingKey(stream)] as const;
    const entry = await script.run(redis, keys, [...fields, ...place], until);
    if (entry === null)
      throw new Error(`There is no stream ${stream}. Start a worker first, which makes it.`);
    await redis.send(dead, ['XDEL', dead, id]);
  }

  return {
    async count() {
      const counts = new Map<string, number>();
      for (const dead of sources) {
        for await (const { reason } of lettersIn(redis, dead))
          counts.set(reason, (counts.get(reason) ?? 0) + 1);
      }
      return counts;
    },
    async putBack(reason) {
      let count = 0;
      for (const dead of sources) {
        for await (const letter of lettersIn(redis, dead)) {
          if (reason !== undefined && letter.reason !== reason) continue;
          await putBackOne(dead, letter);
          count++;
        }
      }
      return count;
    },
    close: () => redis.close(),
  };
}

/** Those that are there now: what is set aside again meanwhile is not among them. */
async function* lettersIn(redis: RedisConnection, dead: string): AsyncGenerator<DeadLetter> {
  const [newest] = (await redis.send(dead, ['XREVRANGE', dead, '+', '-', 'COUNT', '1'])) as Entry[];
  if (newest === undefined) return;
  const range = ['COUNT', String(pageSize)];
  for (let from = '-'; ; ) {
    const page = (await redis.send(dead, ['XRANGE', dead, from, newest[0], ...range])) as Entry[];
    for (const [id, fields] of page) yield toDeadLetter(id, fields ?? []);
    const last = page.at(-1)?.[0];
    if (last === undefined || page.length < pageSize) return;
    from = `(${last}`;
  }
}

/** Its place and why it was set aside come first; the entry's own fields follow. */
function toDeadLetter(id: string, fields: Fields): DeadLetter {
  const [place = ['entry', id], [, reason = '', ...own]] = takePlace(fields);
  return { id, place, reason, fields: own };
}
