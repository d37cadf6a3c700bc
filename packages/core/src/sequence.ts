/**
 * The place of a vote in the order of all votes of its voter: a place in a stream as one increasing
 * number that fits a PostgreSQL bigint. Of two votes by one voter the higher sequence is the newer.
 *
 *     44 bits              11 bits               9 bits
 *     milliseconds         entries of the        votes of
 *     (Unix time)          millisecond           the entry
 */
export type Sequence = bigint;

/** Votes that one entry of a stream may hold: each has a place of its own before the next entry's first. */
export const mostVotesInEntry = 512;
/** Entries of one millisecond that leave the next millisecond's places alone. */
export const mostEntriesInMillisecond = 2_048;

const perEntry = BigInt(mostVotesInEntry);
const perMillisecond = perEntry * BigInt(mostEntriesInMillisecond);

/**
 * The sequence of the `index`-th vote (from 0) in the `entry`-th entry (from 0) of the millisecond `ms` (Unix time).
 *
 * More than fits is added to the part before, which keeps the order within a stream as long as the stream goes
 * on above it. The first version had one vote in an entry, whose sequence was `sequenceAt(ms, 0, entry)`: below
 * that of every entry that follows it.
 */
export function sequenceAt(ms: number, entry: number, index = 0): Sequence {
  return BigInt(ms) * perMillisecond + BigInt(entry) * perEntry + BigInt(index);
}

/** The Unix time in milliseconds at which the vote with this sequence was cast. */
export function castAt(sequence: Sequence): number {
  return Number(sequence / perMillisecond);
}

/** In which entry of its millisecond the vote with this sequence lies, from 0. */
export function entryAt(sequence: Sequence): number {
  return Number((sequence % perMillisecond) / perEntry);
}
