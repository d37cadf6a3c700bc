import type { DefinitionChange, StoreChange } from '@voting/core';

/** On which listeners are told of what: of a tally by its poll (`record.sql`), of a room or a poll by its kind and id. */
export const channels = { tallies: 'tallies', definitions: 'definitions' } as const;

export function payloadOf({ of, id }: DefinitionChange): string {
  return `${of} ${id}`;
}

/** What a message tells; with nothing in it, that some may have been missed. */
export function changeIn(channel: string, payload: string | undefined): StoreChange {
  if (payload === undefined) return { of: 'anything' };
  if (channel === channels.tallies) return { of: 'tally', poll: payload };
  const [of, id] = payload.split(' ');
  return (of === 'room' || of === 'poll') && id !== undefined ? { of, id } : { of: 'anything' };
}
