import {
  type Sequence,
  sequenceAt,
  type Vote,
  type VoteConsumer,
  type VoteQueue,
  VotingError,
} from '@voting/core';
import { createMemoryConsumer } from './consumer.ts';
import { type Entry, EntryList } from './entries.ts';

export interface MemoryQueueConfig {
  /** Votes that may wait at once; one more is refused with `queue_full`. */
  readonly capacity: number;
  /** How long `append` waits for its vote to be counted, in milliseconds, before it gives up. */
  readonly deadlineMs: number;
  /** Every sequence given out is higher than this: the newest that the store already holds. */
  readonly after: Sequence;
}

export interface MemoryQueue extends VoteQueue {
  consumer(): VoteConsumer;
  /** What was set aside, oldest first. It is lost when the process ends, like the queue itself. */
  readonly buried: readonly { readonly vote: Vote; readonly reason: string }[];
}

/**
 * A queue inside one process. It keeps nothing itself, so `append` resolves only when the vote has
 * been acknowledged, that is, stored. A vote that is given up before any consumer took it is
 * withdrawn and will not be counted.
 */
export function createMemoryQueue(config: MemoryQueueConfig): MemoryQueue {
  const entries = new EntryList();
  const buried: { vote: Vote; reason: string }[] = [];
  let last = config.after;
  let closed = false;

  function nextSequence(): Sequence {
    const now = sequenceAt(Date.now(), 0);
    last = now > last ? now : last + 1n;
    return last;
  }

  return {
    buried,
    append(vote) {
      if (closed)
        return Promise.reject(new VotingError('queue_unavailable', { cause: new Error('queue closed') }));
      if (entries.size >= config.capacity) return Promise.reject(new VotingError('queue_full'));
      return new Promise((resolve, reject) => {
        const sequence = nextSequence();
        const deadline = setTimeout(() => {
          entries.withdraw(entry);
          reject(
            new VotingError('queue_unavailable', {
              cause: new Error(`not stored in ${config.deadlineMs} ms`),
            }),
          );
        }, config.deadlineMs);
        const entry: Entry = {
          delivery: { ...vote, sequence, receipt: String(sequence) },
          settle(error) {
            clearTimeout(deadline);
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        entries.push(entry);
      });
    },
    async close() {
      closed = true;
      await entries.settled();
    },
    consumer: () =>
      createMemoryConsumer(entries, (delivery, reason) => {
        buried.push({
          vote: { poll: delivery.poll, voter: delivery.voter, option: delivery.option },
          reason,
        });
      }),
  };
}
