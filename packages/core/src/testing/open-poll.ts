import { type Definition, definitionOfPoll, definitionOfRoom } from '../definition.ts';
import { draftOf, type HostedPoll, moved } from '../hosted-poll.ts';
import { definePoll } from '../poll.ts';
import { mainRoom } from '../room.ts';

/** A poll in the main room that takes votes. */
export function openPoll(
  id = 'main',
  question = 'Cats vs Dogs!',
  labels: readonly string[] = ['Cats', 'Dogs'],
): HostedPoll {
  return { ...moved(draftOf(definePoll(id, question, labels), mainRoom, 0), 'open'), revision: 1 };
}

/** The main room with these polls, of which the first is on. */
export function definitionsOf(polls: readonly HostedPoll[]): readonly Definition[] {
  const room = { id: mainRoom, title: '', on: polls[0]?.id, revision: 1 };
  return [definitionOfRoom(room), ...polls.map(definitionOfPoll)];
}
