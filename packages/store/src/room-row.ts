import { type Definition, definitionOfRoom, type Room } from '@voting/core';

/** A room as the statement `rooms` reads it. */
export interface RoomRow {
  readonly id: string;
  readonly title: string;
  readonly on_poll: string | null;
  readonly revision: number;
  /** SQLite says 1. */
  readonly removed: boolean | number;
}

/** The parameters of `add-room`. */
export function rowOfRoom({ id, title, on }: Room): (string | null)[] {
  return [id, title, on ?? null];
}

export function roomOf({ id, title, on_poll, revision }: RoomRow): Room {
  return { id, title, on: on_poll ?? undefined, revision };
}

export function definitionOfRow(row: RoomRow): Definition {
  if (!row.removed) return definitionOfRoom(roomOf(row));
  return { kind: 'room', id: row.id, revision: row.revision, room: undefined };
}
