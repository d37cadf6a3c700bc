/** What was measured on one core, or on one machine where that is the unit. */
export interface Measured {
  /** Microseconds of processor time for a vote. */
  readonly vote: number;
  readonly redis: number;
  readonly worker: number;
  /** Votes a second that one PostgreSQL primary stores. */
  readonly postgres: number;
  /** Bytes that a waiting vote takes in Redis. */
  readonly queuedBytes: number;
  /** Viewers that one result process serves with every update. */
  readonly viewers: number;
}

/** What people do at the busiest moment. */
export interface Demand {
  readonly votesPerSecond: number;
  readonly viewers: number;
}

export interface Plan {
  readonly voteReplicas: number;
  /** Masters of a Redis Cluster, each on a core of its own; as many partitions at least. */
  readonly shards: number;
  readonly workers: number;
  readonly resultReplicas: number;
  /** Votes a second that wait, because the store takes fewer than come. */
  readonly waitingPerSecond: number;
  /** For a peak of a minute: memory that the queue needs, and how long after it the last vote is counted. */
  readonly queueBytes: number;
  readonly countedAfterSeconds: number;
}

/** A core that is busier than this has no room for a bad moment. */
const usable = 0.6;
const peakSeconds = 60;

/** What a demand needs. Everything but the store can be multiplied; the store takes what it takes. */
export function planFor({ votesPerSecond, viewers }: Demand, measured: Measured): Plan {
  const cores = (microseconds: number, rate: number) =>
    Math.max(1, Math.ceil((rate * microseconds) / 1e6 / usable));
  const stored = measured.postgres * usable;
  const waitingPerSecond = Math.max(0, votesPerSecond - stored);
  const waiting = waitingPerSecond * peakSeconds;
  return {
    voteReplicas: cores(measured.vote, votesPerSecond),
    shards: cores(measured.redis, votesPerSecond),
    workers: cores(measured.worker, Math.min(votesPerSecond, stored)),
    resultReplicas: Math.max(1, Math.ceil(viewers / (measured.viewers * usable))),
    waitingPerSecond,
    queueBytes: waiting * measured.queuedBytes,
    countedAfterSeconds: waiting / stored,
  };
}
