import type { Gate } from '../gate.ts';

/** The gate of a poll that takes votes for as long as nobody closes it. */
export function openGate(poll: string): Gate {
  return { poll, opening: 1, from: undefined, until: undefined, closed: false, revision: 1 };
}
