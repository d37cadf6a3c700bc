import type { Gate } from '../gate.ts';
import type { Sequence } from '../sequence.ts';

/**
 * The gates of polls, where the queue has them. A poll that has none takes no votes (`poll_unknown`), one whose time has not
 * come neither (`poll_not_open`), nor one that is closed (`poll_closed`). Time is told by the queue's own clock, and what it
 * has closed stays closed when that is set back.
 */
export interface Gates {
  /**
   * Puts a gate in place. Of two for one poll the later opening holds; within an opening the schedule of the higher
   * revision, until it is closed. What it says does not depend on how often or in which order the same gates are posted.
   *
   * @returns where the votes of this opening end, for each partition: no accepted vote of it has a higher sequence.
   *   Undefined for a partition that still takes votes
   * @throws {VotingError} `queue_unavailable`, when it may be in place in some partitions and not in others; to be
   *   posted again
   */
  post(gate: Gate): Promise<readonly (Sequence | undefined)[]>;
  /** Takes the gate of a poll away; its votes are refused from then on. @throws {VotingError} `queue_unavailable` */
  remove(poll: string): Promise<void>;
}
