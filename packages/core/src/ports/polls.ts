import type { Definition } from '../definition.ts';
import type { HostedPoll } from '../hosted-poll.ts';
import type { Poll } from '../poll.ts';
import type { Room } from '../room.ts';
import type { Closing } from './queue.ts';

/** Rooms and polls at rest, beside their votes. Every method fails with `VotingError` `store_unavailable`. */
export interface PollStore {
  /**
   * Keeps a poll that is declared from outside: it is open in the main room, and on there when the one that was declared
   * before is another, or when nothing is. Its texts may change until the first vote is stored; from then on options can only be added.
   *
   * @returns the poll as it is kept now, which may have more options than the given one; undefined when a host has removed
   *   it, which it stays
   * @throws {VotingError} `poll_differs` when the stored votes would mean something else; nothing is changed
   */
  declare(poll: Poll): Promise<HostedPoll | undefined>;
  /** Undefined when there is none. */
  poll(id: string): Promise<HostedPoll | undefined>;
  /** All of them, or those of a room, in the order of rooms and of places. */
  polls(room?: string): Promise<readonly HostedPoll[]>;
  rooms(): Promise<readonly Room[]>;
  /** The polls that were opened and are not final. */
  unsettled(): Promise<readonly string[]>;
  /**
   * Notes that an opening of a poll is over, and final when all of its votes are counted. What is known already, and a
   * later opening, is left as it is.
   *
   * @returns whether that was news
   */
  settle(poll: string, closing: Closing): Promise<boolean>;
  /**
   * Keeps a poll that was read at this `revision`, or a new one with 0.
   *
   * @returns it with its new revision
   * @throws {VotingError} `changed_meanwhile` when it has another revision by now, or a new one's id is taken;
   *   `room_unknown` when there is no such room
   */
  keepPoll(poll: HostedPoll): Promise<HostedPoll>;
  /** The same for a room. @throws {VotingError} `changed_meanwhile`, or `poll_unknown` when what is on is no poll of it */
  keepRoom(room: Room): Promise<Room>;
  /**
   * Takes away a poll that was read at this revision, and from what is on. Its votes go with it, by and by (`erase`). Its
   * id is never used again.
   *
   * @throws {VotingError} `changed_meanwhile`; `poll_state` while votes for it may still come: a draft can be removed, or
   *   one that is final
   */
  removePoll(poll: HostedPoll): Promise<void>;
  /** The same for a room. @throws {VotingError} `changed_meanwhile`; `room_in_use` while it has polls, or for the main room */
  removeRoom(room: Room): Promise<void>;
  /**
   * Deletes of what is left of polls that were removed, at most so many votes: few enough that counting is not held up.
   *
   * @returns whether there may be more
   */
  erase(votes: number): Promise<boolean>;
  /** All rooms and polls, in no order. */
  definitions(): Promise<readonly Definition[]>;
  /** What has changed and is not known to be announced; what was removed as well. */
  unannounced(): Promise<readonly Definition[]>;
  /** Notes that these are announced. What has another revision by now is not. */
  announced(definitions: readonly Definition[]): Promise<void>;
}
