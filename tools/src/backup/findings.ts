import { readFileSync } from 'node:fs';

/** What a store holds after a restore. */
export interface Findings {
  readonly votes: number;
  /** Options whose tallies are not what a count of the votes says. */
  readonly wrongTallies: number;
  /** By how much the newest vote is ahead of the database's clock. */
  readonly secondsAhead: number;
}

const read = (dialect: string) => readFileSync(new URL(`./findings/${dialect}.sql`, import.meta.url), 'utf8');

/** For each kind of store one statement with one row and column: the findings as JSON. */
export const findingsSql = { postgres: read('postgres'), sqlite: read('sqlite') };

/** For the person who restored. The first sentence says how it went, the rest what to do about it. */
export function describeFindings({ votes, wrongTallies, secondsAhead }: Findings): string {
  const sentences = [`Restored ${votes} ${votes === 1 ? 'vote' : 'votes'}.`];
  sentences.push(
    wrongTallies === 0
      ? 'The tallies agree with them.'
      : `Wrong tallies, as in the backup: ${wrongTallies}. Set them right with npm run recount -- --repair.`,
  );
  if (secondsAhead > 0) {
    sentences.push(
      `The newest vote was cast ${secondsAhead} seconds ahead of this clock: until the clock has caught up, voters who change their vote may not be heard. Set the clocks right before voting goes on.`,
    );
  }
  return `${sentences.join('\n')}\n`;
}
