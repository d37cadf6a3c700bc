import type { Room } from '@voting/core';

/** A room as the statement `rooms` reads it. */
export interface RoomRow {
  readonly id: string;
  readonly title: string;
  readonly on_poll: string | null;
  readonly revision: number;
}

/** The parameters of `add-room`. */
export function rowOfRoom({ id, title, on }: Room): (string | null)[] {
  return [id, title, on ?? null];
}

export function roomOf({ id, title, on_poll, revision }: RoomRow): Room {
  return { id, title, on: on_poll ?? undefined, revision };
}
