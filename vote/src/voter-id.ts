import { randomFillSync } from 'node:crypto';

const bytes = 16;
const timeBytes = 6;
const idsAtOnce = 256;

/**
 * Makes voter ids: 48 bits of the time (Unix milliseconds), then 80 random ones, as 22 letters of base64url. Voters
 * who come at the same time begin alike, so that a store puts them on the same pages of its index. The letters
 * do not sort as the time does, which that does not need.
 */
export function createVoterIds(): () => string {
  // random bits are drawn many at a time: asking the system for each id alone would cost more than all the rest
  const drawn = Buffer.alloc(bytes * idsAtOnce);
  let used = drawn.length;
  return () => {
    if (used === drawn.length) {
      randomFillSync(drawn);
      used = 0;
    }
    drawn.writeUIntBE(Date.now(), used, timeBytes);
    used += bytes;
    return drawn.toString('base64url', used - bytes, used);
  };
}
