import type { HostedPoll } from '../hosted-poll.ts';
import type { Room } from '../room.ts';

/** The rooms and polls as one who serves voters knows them, in memory: nothing of it is waited for. */
export interface Directory {
  room(id: string): Room | undefined;
  poll(id: string): HostedPoll | undefined;
  /** In no order. */
  rooms(): readonly Room[];
  /** Unix milliseconds by the clock that opens and closes polls, to within a second. */
  now(): number;
  /** Whether that was all of it less than a second ago. Otherwise there may be news that has not come through. */
  readonly isCurrent: boolean;
}
