import { roomAsJson } from '../as-json.ts';
import { type Operation, operation } from '../operation.ts';
import type { Rooms } from '../rooms.ts';
import * as json from '../schemas.ts';

const all = '/api/rooms';
const one = `${all}/{room}`;

export function roomOperations(hosted: Rooms): readonly Operation[] {
  return [
    operation({
      method: 'GET',
      path: all,
      name: 'listRooms',
      summary: 'All rooms',
      reply: json.rooms,
      handle: async () => ({ body: { rooms: (await hosted.all()).map(roomAsJson) } }),
    }),
    operation({
      method: 'POST',
      path: all,
      name: 'makeRoom',
      summary: 'Makes a room',
      body: json.newRoom,
      status: 201,
      reply: json.room,
      refusals: ['room_taken'],
      async handle({ body }) {
        const made = await hosted.make(body.title, body.id);
        return {
          body: roomAsJson(made),
          revision: made.revision,
          headers: { location: `${all}/${made.id}` },
          did: { what: 'room made', room: made.id },
        };
      },
    }),
    operation({
      method: 'GET',
      path: one,
      name: 'readRoom',
      summary: 'One room',
      reply: json.room,
      refusals: ['room_unknown'],
      async handle({ params: { room = '' } }) {
        const found = await hosted.room(room);
        return { body: roomAsJson(found), revision: found.revision };
      },
    }),
    operation({
      method: 'PATCH',
      path: one,
      name: 'changeRoom',
      summary: 'Changes the title of a room, or which poll is on; null for none',
      ifMatch: 'required',
      body: json.roomChange,
      reply: json.room,
      refusals: ['room_unknown', 'poll_unknown'],
      async handle({ params: { room = '' }, body, seen }) {
        const changed = await hosted.change(room, body, seen);
        return {
          body: roomAsJson(changed),
          revision: changed.revision,
          did: { what: 'room changed', room, ...(typeof body.on === 'string' && { poll: body.on }) },
        };
      },
    }),
    operation({
      method: 'DELETE',
      path: one,
      name: 'removeRoom',
      summary: 'Removes a room without polls',
      ifMatch: 'required',
      refusals: ['room_unknown', 'room_in_use'],
      async handle({ params: { room = '' }, seen }) {
        await hosted.remove(room, seen);
        return { body: undefined, did: { what: 'room removed', room } };
      },
    }),
  ];
}
