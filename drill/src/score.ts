import { createHistogram } from 'node:perf_hooks';
import type { Outcome } from './ledger.ts';

/** What became of the votes, in numbers. */
export interface Score {
  /** @param kind of the poll, in the report's words */
  ended(kind: string, outcome: Outcome, reason: string | undefined, ms: number): void;
  /** A vote that nobody could be asked to take: everybody had too many waiting already. */
  turnedAway(): void;
  count(outcome: Outcome): number;
  readonly kinds: ReadonlyMap<string, Readonly<Record<Outcome, number>>>;
  readonly notOffered: number;
  /** Votes that were not acknowledged, by reason. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Milliseconds from sending to the acknowledgement, at this percentile. */
  latency(percentile: number): number;
}

export function createScore(): Score {
  const counts: Record<Outcome, number> = { acknowledged: 0, refused: 0, lost: 0 };
  const kinds = new Map<string, Record<Outcome, number>>();
  const reasons = new Map<string, number>();
  const latency = createHistogram();
  let notOffered = 0;
  return {
    ended(kind, outcome, reason, ms) {
      counts[outcome]++;
      const ofKind = kinds.get(kind) ?? { acknowledged: 0, refused: 0, lost: 0 };
      kinds.set(kind, ofKind);
      ofKind[outcome]++;
      if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      if (outcome === 'acknowledged') latency.record(Math.max(1, Math.round(ms * 1_000)));
    },
    turnedAway() {
      notOffered++;
    },
    count: (outcome) => counts[outcome],
    get notOffered() {
      return notOffered;
    },
    kinds,
    reasons,
    latency: (percentile) => latency.percentile(percentile) / 1_000,
  };
}
