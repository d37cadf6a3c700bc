import { randomInt } from 'node:crypto';
import { isChangedMeanwhile } from './revisions.ts';

const characters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const mostTries = 100;

/** Six digits, which every phone has a pad for. */
export function randomCode(): string {
  return randomText('0123456789', 6);
}

export function randomPollId(): string {
  return randomText(characters, 8);
}

/** Keeps something new under an id that nothing has or ever had. */
export async function underFreeId<Kept>(
  newId: () => string,
  keep: (id: string) => Promise<Kept>,
): Promise<Kept> {
  for (let tries = 0; tries < mostTries; tries++) {
    try {
      return await keep(newId());
    } catch (error) {
      if (!isChangedMeanwhile(error)) throw error;
    }
  }
  throw new Error(`all of ${mostTries} ids are taken`);
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
