import {
  type Announcements,
  castAt,
  createKnownDefinitions,
  type Directory,
  type Sequence,
  sequenceAt,
  type Vote,
  type VoteConsumer,
  type VoteQueue,
  VotingError,
} from '@voting/core';
import { createMemoryConsumer } from './consumer.ts';
import { type Entry, EntryList } from './entries.ts';
import { createMemoryGates } from './gates.ts';
import { createPatience } from './patience.ts';

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
  readonly announcements: Announcements;
  readonly directory: Directory;
  /**
   * The latest of what was set aside, oldest first. It is lost when the process ends, like the queue itself.
   */
  readonly buried: readonly { readonly vote: Vote; readonly reason: string }[];
}

const mostBuried = 1_000;

/**
 * A queue inside one process. It keeps nothing itself, so `append` resolves only when the vote has
 * been acknowledged, that is, stored. A vote that is given up before any consumer took it is
 * withdrawn and will not be counted.
 */
export function createMemoryQueue(config: MemoryQueueConfig): MemoryQueue {
  const entries = new EntryList();
  const buried: { vote: Vote; reason: string }[] = [];
  let last = config.after;
  // the order of votes never goes back, so their time does not either
  const clock = () => Math.max(Date.now(), castAt(last));
  const gates = createMemoryGates(clock, () => last);
  const known = createKnownDefinitions();
  let closed = false;

  const patience = createPatience<Entry>(config.deadlineMs, (late) => {
    const error = new VotingError('queue_unavailable', {
      cause: new Error(`not stored in ${config.deadlineMs} ms`),
    });
    for (const entry of late) {
      entries.withdraw(entry);
      entry.settle(error);
    }
  });

  function nextSequence(): Sequence {
    const now = sequenceAt(Date.now(), 0);
    last = now > last ? now : last + 1n;
    return last;
  }

  return {
    announcements: {
      gates,
      definitions: {
        async post(definitions) {
          for (const definition of definitions) known.learn(definition);
        },
      },
    },
    directory: { room: known.room, poll: known.poll, rooms: known.rooms, now: clock, isCurrent: true },
    buried,
    append(vote) {
      if (closed)
        return Promise.reject(new VotingError('queue_unavailable', { cause: new Error('queue closed') }));
      const refusal = gates.refusal(vote.poll);
      if (refusal !== undefined) return Promise.reject(new VotingError(refusal));
      if (entries.size >= config.capacity) return Promise.reject(new VotingError('queue_full'));
      return new Promise((resolve, reject) => {
        const entry: Entry = {
          vote: { ...vote, sequence: nextSequence() },
          since: performance.now(),
          again: false,
          settle(error) {
            patience.came(entry);
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        patience.waitFor(entry);
        entries.push(entry);
      });
    },
    async close() {
      closed = true;
      await entries.settled();
    },
    consumer: () =>
      createMemoryConsumer(entries, gates, {
        add({ poll, voter, option }, reason) {
          buried.push({ vote: { poll, voter, option }, reason });
          if (buried.length > mostBuried) buried.shift();
        },
        get count() {
          return buried.length;
        },
      }),
  };
}
