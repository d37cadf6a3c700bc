import type { Definition } from './definition.ts';
import type { HostedPoll } from './hosted-poll.ts';
import type { Room } from './room.ts';

/** The newest of what one was told of rooms and polls, whatever the order in which it came. */
export interface KnownDefinitions {
  /** Takes note of it, unless something as new is known. */
  learn(definition: Definition): void;
  room(id: string): Room | undefined;
  poll(id: string): HostedPoll | undefined;
  rooms(): readonly Room[];
}

export function createKnownDefinitions(): KnownDefinitions {
  const known = { room: new Map<string, Definition>(), poll: new Map<string, Definition>() };
  const roomOf = (definition: Definition | undefined) =>
    definition?.kind === 'room' ? definition.room : undefined;
  const pollOf = (definition: Definition | undefined) =>
    definition?.kind === 'poll' ? definition.poll : undefined;

  return {
    learn(definition) {
      const { kind, id, revision } = definition;
      const before = known[kind].get(id);
      if (before === undefined || before.revision < revision) known[kind].set(id, definition);
    },
    room: (id) => roomOf(known.room.get(id)),
    poll: (id) => pollOf(known.poll.get(id)),
    rooms: () => [...known.room.values()].flatMap((definition) => roomOf(definition) ?? []),
  };
}
