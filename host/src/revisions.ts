import { VotingError } from '@voting/core';

/** The revision that the caller has seen; undefined for whatever there is. */
export type Seen = number | undefined;

/** Thrown for a room or a poll that has another revision than the caller has seen. */
export class Outdated extends VotingError {
  /** The one that it has. */
  readonly revision: number;

  constructor(revision: number) {
    super('changed_meanwhile');
    this.revision = revision;
  }
}

/**
 * Does something to what was read, and again to what is there by then when somebody else was faster: unless the caller
 * has seen a revision, and means that one.
 *
 * @throws {Outdated}
 */
export async function upToDate<Kept extends { readonly revision: number }, Outcome>(
  read: () => Promise<Kept>,
  seen: Seen,
  work: (kept: Kept) => Promise<Outcome>,
): Promise<Outcome> {
  for (;;) {
    const kept = await read();
    if (seen !== undefined && kept.revision !== seen) throw new Outdated(kept.revision);
    try {
      return await work(kept);
    } catch (error) {
      if (!isChangedMeanwhile(error)) throw error;
    }
  }
}

export function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof VotingError && error.code === 'changed_meanwhile';
}
