/** How an attempt to vote ended, as the voter knows it. */
export type Outcome =
  /** The voter was told that the vote is in. */
  | 'acknowledged'
  /** The voter was told that it is not. */
  | 'refused'
  /** The voter was told neither: it may be in. */
  | 'lost';

export interface Attempt {
  readonly option: string;
  /** The service it was sent to. */
  readonly through: string;
  /** Milliseconds since the start of the drill. */
  readonly sentAt: number;
  readonly endedAt: number;
  readonly outcome: Outcome;
  /** Why it was not acknowledged. */
  readonly reason: string | undefined;
}

/** A voter whose stored choice is not what was promised. */
export interface Violation {
  readonly voter: string;
  readonly stored: string | undefined;
  readonly allowed: readonly (string | undefined)[];
  /** What was stored at the last check; undefined for a new voter. */
  readonly before: string | undefined;
  /** What the voter did since. */
  readonly attempts: readonly Attempt[];
}

/** What each voter of a poll knows, and what may therefore be stored and shown. */
export interface Ledger {
  /** To be called before a vote is sent: from now on it may be shown. */
  sending(voter: string, option: string): void;
  ended(voter: string, attempt: Attempt): void;
  /** Votes that were sent and have no answer yet. */
  readonly underWay: number;
  /** The poll is closed for certain: no vote that is sent from now on may be taken, until `opens`. */
  closed(): void;
  /** To be called before the poll is opened again: what was sent before may arrive after it. */
  opens(): void;
  /** The most votes that may be shown for each option now: those of all voters who may have chosen it. */
  mostVotes(option: string): number;
  /** The most votes that may be shown altogether. */
  readonly mostVoters: number;
  /**
   * Voters whose stored choice is not among those that were promised, or who were told that their vote is in when the poll was
   * closed. Nothing may be under way.
   */
  violations(stored: ReadonlyMap<string, string>): readonly Violation[];
  /** Takes what is stored for granted from here on: it was checked. */
  settle(stored: ReadonlyMap<string, string>): void;
}

interface Voter {
  settled: string | undefined;
  /** What may be stored at some time since the last check. */
  readonly possible: Set<string>;
  attempts: Made[];
}

interface Made extends Attempt {
  /** Which time between two openings or closings it was made in, from the sending to the answer; undefined in none. */
  readonly period: number | undefined;
}

/**
 * The promise: a voter's stored choice is the one that was last acknowledged, or a later one whose
 * answer was lost. Voters vote one after the other; after a lost answer they wait for as long as the
 * service asks (`Retry-After`) before they vote again.
 */
export function createLedger(): Ledger {
  const voters = new Map<string, Voter>();
  const most = new Map<string, number>();
  /** By voter, who waits for one answer at a time: in which period it was sent. */
  const waiting = new Map<string, number>();
  let isClosed = false;
  let period = 0;

  function voterOf(id: string): Voter {
    const known = voters.get(id);
    if (known !== undefined) return known;
    const voter: Voter = { settled: undefined, possible: new Set(), attempts: [] };
    voters.set(id, voter);
    return voter;
  }

  function countPossible(options: Iterable<string>, change: number): void {
    for (const option of options) most.set(option, (most.get(option) ?? 0) + change);
  }

  /** Whether it was made while the poll was closed, and has been closed since. */
  function isLate(attempt: Made): boolean {
    return isClosed && attempt.period === period;
  }

  return {
    sending(id, option) {
      const { possible } = voterOf(id);
      waiting.set(id, period);
      if (possible.has(option)) return;
      possible.add(option);
      countPossible([option], 1);
    },
    ended(id, attempt) {
      const sentIn = waiting.get(id);
      waiting.delete(id);
      voterOf(id).attempts.push({ ...attempt, period: sentIn === period ? period : undefined });
    },
    get underWay() {
      return waiting.size;
    },
    closed() {
      isClosed = true;
      period++;
    },
    opens() {
      isClosed = false;
      period++;
    },
    mostVotes: (option) => most.get(option) ?? 0,
    get mostVoters() {
      return voters.size;
    },
    violations(stored) {
      const found: Violation[] = [];
      for (const [voter, { settled: before, attempts }] of voters) {
        const inTime = attempts.filter((attempt) => !isLate(attempt));
        const takenLate = attempts.some((attempt) => isLate(attempt) && attempt.outcome === 'acknowledged');
        const allowed = allowedAfter(before, inTime);
        if (allowed.includes(stored.get(voter)) && !takenLate) continue;
        found.push({ voter, stored: stored.get(voter), allowed, before, attempts });
      }
      for (const [voter, choice] of stored) {
        if (voters.has(voter)) continue;
        found.push({ voter, stored: choice, allowed: [undefined], before: undefined, attempts: [] });
      }
      return found;
    },
    settle(stored) {
      for (const [id, voter] of voters) {
        countPossible(voter.possible, -1);
        voter.possible.clear();
        voter.attempts = [];
        voter.settled = stored.get(id);
        if (voter.settled !== undefined) voter.possible.add(voter.settled);
        countPossible(voter.possible, 1);
      }
    },
  };
}

/** Undefined stands for no stored choice at all. */
function allowedAfter(before: string | undefined, attempts: readonly Attempt[]): (string | undefined)[] {
  const last = attempts.findLastIndex(({ outcome }) => outcome === 'acknowledged');
  const acknowledged = attempts[last]?.option ?? before;
  const lostLater = attempts.slice(last + 1).filter(({ outcome }) => outcome === 'lost');
  return [...new Set([acknowledged, ...lostLater.map(({ option }) => option)])];
}
