import type { Sequence } from '@voting/core';

/** How far a stream had come at some time of this process: not before, and not after. */
interface Sighting {
  readonly newest: Sequence;
  readonly before: number;
  readonly after: number;
}

/** Tells how old entries of one stream are. */
export interface Ages {
  /** Notes that the newest entry was this one, between two moments of `performance.now()`. */
  saw(newest: Sequence, before: number, after: number): void;
  /**
   * The age of an entry in milliseconds. By Redis' clock it would be `byRedis`; where that cannot be, because
   * the clock was set since, what this process has seen decides.
   */
  of(sequence: Sequence, byRedis: number): number;
}

/** One a second; of a longer wait every second one is forgotten, again and again. */
const mostSightings = 1_000;

export function createAges(): Ages {
  let sightings: Sighting[] = [];
  return {
    saw(newest, before, after) {
      // the stream was lost
      if (newest < (sightings.at(-1)?.newest ?? 0n)) sightings = [];
      sightings.push({ newest, before, after });
      if (sightings.length > mostSightings) sightings = sightings.filter((_, index) => index % 2 === 0);
    },
    of(sequence, byRedis) {
      const there = sightings.findIndex(({ newest }) => newest >= sequence);
      if (there > 1) sightings.splice(0, there - 1);
      const [notYet, already] = there === 0 ? [undefined, sightings[0]] : sightings;
      const now = performance.now();
      const least = already === undefined ? 0 : now - already.after;
      const most = notYet === undefined ? Number.POSITIVE_INFINITY : now - notYet.before;
      return Math.min(Math.max(byRedis, least), most);
    },
  };
}
