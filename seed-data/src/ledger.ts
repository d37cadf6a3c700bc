import { appendFileSync, closeSync, openSync } from 'node:fs';

/** Who was promised that which vote counts. */
export interface Ledger {
  /** Returns once the line is with the operating system. */
  append(voter: string, option: string): void;
  close(): void;
}

/**
 * A file with one line `voterid option` per acknowledged vote, for tests that compare it with the store.
 * Lines are written one by one and before anything else happens, so it is right whoever is killed next.
 */
export function openLedger(path: string): Ledger {
  const file = openSync(path, 'a');
  return {
    append(voter, option) {
      appendFileSync(file, `${voter} ${option}\n`);
    },
    close() {
      closeSync(file);
    },
  };
}
