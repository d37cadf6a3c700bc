import type { HostedPoll } from './hosted-poll.ts';
import type { Room } from './room.ts';

/** What a room or a poll is at one of its revisions, as everybody who serves voters must know it. */
export type Definition =
  | { readonly kind: 'room'; readonly id: string; readonly revision: number; readonly room: Room | undefined }
  | {
      readonly kind: 'poll';
      readonly id: string;
      readonly revision: number;
      /** Undefined when it was removed, as a room is. */
      readonly poll: HostedPoll | undefined;
    };

export function definitionOfRoom(room: Room): Definition {
  return { kind: 'room', id: room.id, revision: room.revision, room };
}

export function definitionOfPoll(poll: HostedPoll): Definition {
  return { kind: 'poll', id: poll.id, revision: poll.revision, poll };
}
