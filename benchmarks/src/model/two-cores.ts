/** What one vote takes, as `npm run bench -- accept` measures it. Microseconds of processor time. */
export interface VoteCosts {
  readonly load: number;
  readonly vote: number;
  readonly redis: number;
}

export interface Machine {
  readonly cores: number;
  /** Connections, each with one vote under way at a time. */
  readonly connections: number;
  /** Microseconds that the disk takes to make a batch durable; Redis waits for it without a processor. */
  readonly fsync: number;
}

type Station = 'load' | 'vote' | 'redis';

/** How much of what the vote service does for a vote comes after Redis has answered. */
const shareAfterRedis = 0.4;

/**
 * Simulates votes on their way round: the load asks, the vote service reads and appends, Redis makes a
 * batch of what has come meanwhile durable, the vote service answers. Every program has one thread, and
 * the programs share the cores.
 *
 * @returns votes a second
 */
export function simulateAccepting(costs: VoteCosts, machine: Machine, votes = 200_000): number {
  let clock = 0;
  let done = 0;
  const waiting = { load: machine.connections, voteIn: 0, redis: 0, voteOut: 0 };
  /** When each station has finished what it does, and what then happens. */
  const busy = new Map<Station | 'disk', { until: number; after: () => void }>();

  const onProcessor = () => [...busy.keys()].filter((station) => station !== 'disk').length;
  const work = (station: Station, microseconds: number, after: () => void) =>
    busy.set(station, { until: clock + microseconds, after });

  function startWhatCan(): void {
    if (free('vote') && waiting.voteOut > 0) {
      waiting.voteOut--;
      work('vote', costs.vote * shareAfterRedis, () => {
        waiting.load++;
        done++;
      });
    }
    if (free('redis') && !busy.has('disk') && waiting.redis > 0) {
      const batch = waiting.redis;
      waiting.redis = 0;
      work('redis', costs.redis * batch, () => {
        busy.set('disk', { until: clock + machine.fsync, after: () => (waiting.voteOut += batch) });
      });
    }
    if (free('vote') && waiting.voteIn > 0) {
      waiting.voteIn--;
      work('vote', costs.vote * (1 - shareAfterRedis), () => waiting.redis++);
    }
    if (free('load') && waiting.load > 0) {
      waiting.load--;
      work('load', costs.load, () => waiting.voteIn++);
    }
  }

  function free(station: Station): boolean {
    return !busy.has(station) && onProcessor() < machine.cores;
  }

  while (done < votes) {
    startWhatCan();
    const [next] = [...busy.entries()].sort(([, one], [, other]) => one.until - other.until);
    if (next === undefined) throw new Error('nothing is under way');
    const [station, { until, after }] = next;
    busy.delete(station);
    clock = until;
    after();
  }
  return (done / clock) * 1e6;
}
