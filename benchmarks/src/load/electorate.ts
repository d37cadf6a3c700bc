/** Somebody who has voted, as their browser knows it. */
export interface Voter {
  readonly cookie: string;
  /** Of the page on which they vote; a second vote elsewhere would be one more. */
  readonly path: string;
  /** The option that was last acknowledged. */
  choice: string;
}

/** What the votes of a run must come to, once they are all counted. */
export interface Ledger {
  readonly voters: number;
  /** Voters by the option that was last acknowledged to them. */
  readonly tally: Readonly<Record<string, number>>;
}

/** Everybody who votes in one run. Nobody has two votes under way at once. */
export interface Electorate {
  /** Somebody who has voted before, or undefined for somebody new. */
  next(): Voter | undefined;
  /** To be called with whoever has an answer, so that they may vote again. */
  back(voter: Voter): void;
  ledger(): Ledger;
}

/** @param returning how many of the votes come from those who have voted before, from 0 to 1 */
export function createElectorate(returning: number): Electorate {
  const idle: Voter[] = [];
  return {
    next() {
      if (idle.length === 0 || Math.random() >= returning) return undefined;
      const place = Math.floor(Math.random() * idle.length);
      const voter = idle[place];
      const last = idle.pop();
      if (last !== undefined && last !== voter) idle[place] = last;
      return voter;
    },
    back: (voter) => idle.push(voter),
    ledger() {
      const tally: Record<string, number> = {};
      for (const { choice } of idle) tally[choice] = (tally[choice] ?? 0) + 1;
      return { voters: idle.length, tally };
    },
  };
}
