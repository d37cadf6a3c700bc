import type { HostedPoll } from './hosted-poll.ts';
import type { Room } from './room.ts';

/** What an address is about: a room, and whatever is on there, or one poll of it. */
export interface Place {
  readonly room: string;
  /** Undefined for the one that is on. */
  readonly poll: string | undefined;
}

/** What is known of rooms and polls, by their ids. */
interface Known {
  room(id: string): Room | undefined;
  poll(id: string): HostedPoll | undefined;
}

/**
 * The poll at a place, which has to be one of its room. Undefined when nothing is on, when there is none, or while it is a
 * draft: what is not opened yet is its host's own affair.
 */
export function pollAt({ room, poll: named }: Place, known: Known): HostedPoll | undefined {
  const poll = known.poll(named ?? known.room(room)?.on ?? '');
  return poll?.room === room && poll.state !== 'draft' ? poll : undefined;
}
