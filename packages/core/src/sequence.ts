/**
 * The place of a vote in the order of all votes of its voter: a stream position as one increasing
 * number that fits a PostgreSQL bigint. Of two votes by one voter the higher sequence is the newer.
 */
export type Sequence = bigint;

const perMillisecond = 1n << 20n;

/**
 * The sequence of the `counter`-th vote (from 0) of the millisecond `ms` (Unix time).
 *
 * A stream whose clock steps back stays in its last millisecond and counts on, past 2^20 if the step
 * is long. Adding rather than masking keeps the order in that stream right even then; only votes cast
 * within (counter / 2^20) milliseconds around the moment the clock catches up could compare wrongly.
 */
export function sequenceAt(ms: number, counter: number): Sequence {
  return BigInt(ms) * perMillisecond + BigInt(counter);
}

/** The Unix time in milliseconds at which the vote with this sequence was cast. */
export function castAt(sequence: Sequence): number {
  return Number(sequence / perMillisecond);
}
