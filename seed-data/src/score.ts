import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Refusal } from './vote-client.ts';

/** How the votes ended so far. Its size does not depend on their number. */
export interface Score {
  readonly accepted: number;
  readonly refused: number;
  /** Refused votes by reason. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Refused votes that may count all the same. */
  readonly uncertain: number;
  /** Whether anything at all answered. */
  readonly answered: boolean;
  /** Of accepted votes, from their first request to the acknowledgement, in microseconds. */
  readonly latency: RecordableHistogram;
  accept(latencyMs: number): void;
  refuse(refusal: Refusal): void;
}

export function createScore(): Score {
  const latency = createHistogram();
  const reasons = new Map<string, number>();
  let accepted = 0;
  let refused = 0;
  let uncertain = 0;
  let answered = false;
  return {
    latency,
    reasons,
    get accepted() {
      return accepted;
    },
    get refused() {
      return refused;
    },
    get uncertain() {
      return uncertain;
    },
    get answered() {
      return answered;
    },
    accept(latencyMs) {
      accepted++;
      answered = true;
      latency.record(Math.max(1, Math.round(latencyMs * 1000)));
    },
    refuse(refusal) {
      refused++;
      if (refusal.uncertain) uncertain++;
      answered ||= refusal.answered;
      reasons.set(refusal.reason, (reasons.get(refusal.reason) ?? 0) + 1);
    },
  };
}
