import type { IncomingMessage } from 'node:http';
import { VotingError } from '@voting/core';
import { createLimit } from '@voting/pages';

/** Does what looks for a room; @throws {VotingError} `too_many_guesses` to who has named too many that there are not. */
export type LookingForRoom = <Found>(request: IncomingMessage, look: () => Found) => Found;

const guesses = { times: 30, seconds: 60, code: 'too_many_guesses' } as const;

/** The codes of rooms are short enough to be typed, so nobody is to try them all. */
export function createGuessLimit(trustProxy: string | false): LookingForRoom {
  const limit = createLimit({ ...guesses, trustProxy });
  return (request, look) => {
    try {
      return look();
    } catch (error) {
      if (error instanceof VotingError && error.code === 'room_unknown') limit(request);
      throw error;
    }
  };
}
