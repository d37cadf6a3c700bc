import { hash } from 'node:crypto';

/** Of the 48 bits that say when a voter first came the upper 32, which count steps of 65 seconds. */
const timeBytes = 4;
const timeLetters = 6;
/** What is kept of the hash: 96 bits, so that no two voters share one. */
const hashLetters = 16;
/** When ids of voters began to begin with the time, and when they certainly no longer do. */
const [firstTime, lastTime] = [Date.UTC(2026, 10), Date.UTC(2100, 0)];

/**
 * The id under which a voter is stored in a poll: another one in each, so that the table does not say who voted in
 * which polls. Nobody gets from one to the other without the voter's cookie, because 80 bits of an id are random.
 *
 * It begins like those of others who came within the same 65 seconds, so that they lie on the same pages of the index. The
 * id of a voter from before ids began with the time has nothing in common with any other.
 */
export function storedVoter(poll: string, voter: string): string {
  const own = hash('sha256', `${poll} ${voter}`, 'base64url');
  const time = timeIn(voter);
  return time === undefined
    ? own.slice(0, timeLetters + hashLetters)
    : time.toString('base64url', 0, timeBytes) + own.slice(0, hashLetters);
}

/** Of ids that are all random, as they were before, fewer than one in a hundred is taken for one that has it. */
function timeIn(voter: string): Buffer | undefined {
  if (voter.length !== 22) return undefined;
  const time = Buffer.from(voter.slice(0, 8), 'base64url');
  if (time.length !== 6) return undefined;
  const ms = time.readUIntBE(0, 6);
  return ms >= firstTime && ms < lastTime ? time : undefined;
}
