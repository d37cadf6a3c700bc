import type { RedisConnection } from './connection.ts';

/** What Redis' clock says, as far as it is known from what Redis answered last. Times are in milliseconds. */
export interface RedisClock {
  /** Whether the last answer is recent, and came over the connection that is there now. */
  readonly isKnown: boolean;
  /** The time that Redis told last. While its clock is not set back, it is never less. */
  readonly heard: number;
  /**
   * Redis' time at a moment of `performance.now()`. Too little by the time that the last answer took to get
   * here, never too much, as long as nobody sets the clock.
   */
  at(moment: number): number;
  /** To be called with the time in an answer as soon as it is there. */
  hear(time: number): void;
}

/** After this an answer says too little: a clock may drift, or be set. */
const staleAfterMs = 1_000;

export function createRedisClock(redis: RedisConnection): RedisClock {
  let heard = 0;
  let heardAt = Number.NEGATIVE_INFINITY;
  let connection = -1;
  return {
    get isKnown() {
      return connection === redis.connectionsMade && performance.now() - heardAt < staleAfterMs;
    },
    get heard() {
      return heard;
    },
    at: (moment) => heard + moment - heardAt,
    hear(time) {
      heard = time;
      heardAt = performance.now();
      connection = redis.connectionsMade;
    },
  };
}
