/** One figure of ours and the same figure of the ceiling, round by round. */
export interface Measure {
  readonly what: string;
  readonly unit: string;
  readonly ours: readonly number[];
  /** As many rounds as `ours`, each measured right before or after its counterpart; empty without a ceiling. */
  readonly ceiling: readonly number[];
  readonly goal?: Goal;
}

/** What a figure, or its ratio to the ceiling's, should be. */
export interface Goal {
  readonly of: 'ratio' | 'value';
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Outcome {
  readonly measures: readonly Measure[];
  /** What was counted at the end and against what it was checked. A wrong total fails the run instead. */
  readonly totals: string;
  readonly notes: readonly string[];
  /** Processor time that a vote takes in each process, in microseconds, where it was measured. */
  readonly costs?: Readonly<Record<string, number>>;
}

export interface Scale {
  readonly rounds: number;
  /** Seconds that a round offers load. */
  readonly seconds: number;
  /** Scale of the amounts of data, 1 for what the claims are made of. */
  readonly size: number;
  /** Somebody else's vote page to measure in place of ours. */
  readonly target: URL | undefined;
}

export interface Scenario {
  readonly name: string;
  /** One sentence: what is measured. */
  readonly measures: string;
  readonly ceiling: string;
  run(scale: Scale, say: (progress: string) => void): Promise<Outcome>;
}
