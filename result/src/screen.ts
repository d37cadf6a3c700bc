import { isDeepStrictEqual } from 'node:util';
import type { Place } from '@voting/core';
import type { Results } from './results.ts';

/** What is told to who follows a place. */
export interface Follower {
  /** `tallyChanged` is false when only the state of the poll or of the pipeline did. */
  readonly results: (results: Results, tallyChanged: boolean) => void;
  /** A step of the history is complete. */
  readonly step: () => void;
}

/** What is to be seen at a place, and who follows it. */
export interface Screen {
  readonly place: Place;
  readonly followers: Set<Follower>;
  /** When somebody last asked for it or followed it, on the clock of `performance.now()`. */
  usedAt: number;
  results: Results;
}

/** Tells the followers when there is something new. */
export function publish(screen: Screen, results: Results): void {
  if (isDeepStrictEqual(results, screen.results)) return;
  const tallyChanged =
    results.poll !== screen.results.poll || !isDeepStrictEqual(results.options, screen.results.options);
  screen.results = results;
  for (const { results: tell } of screen.followers) tell(results, tallyChanged);
}
