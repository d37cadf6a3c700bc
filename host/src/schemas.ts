import { pollStates, visibilities } from '@voting/core';
import { z } from 'zod';

// What travels as JSON. Requests and answers are checked with these, and the OpenAPI document is made of them.

const moment = z.iso.datetime().describe('ISO 8601, in UTC');
const revision = z.int().min(1).describe('Grows with each change; the ETag is this in quotes');
const visibility = z
  .enum(visibilities)
  .describe('Who sees how the votes are spread: all at once, all when it is closed, or hosts alone');
const question = z.string().describe('1 to 300 characters');
const labels = z.array(z.string()).describe('2 to 26 different labels of 1 to 200 characters');
const title = z.string().describe('1 to 100 characters');
const opensAt = moment.nullable().describe('From when an open poll takes votes; null for at once');
const closesAt = moment.nullable().describe('When it closes by itself; null for when a host closes it');

export const newSession = z.strictObject({ key: z.string() }).meta({ id: 'NewSession' });

export const newRoom = z
  .strictObject({
    id: z.string().optional().describe('A name of a-z, 0-9 and -; left out for a free code of six digits'),
    title,
  })
  .meta({ id: 'NewRoom' });

export const roomChange = z
  .strictObject({ title: title.optional(), on: z.string().nullable().optional() })
  .meta({ id: 'RoomChange' });

export const room = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    on: z.string().nullable().describe('The poll that is on; null between polls'),
    revision,
  })
  .meta({ id: 'Room' });

export const rooms = z.strictObject({ rooms: z.array(room) }).meta({ id: 'Rooms' });

export const newPoll = z
  .strictObject({
    question,
    options: labels,
    visibility: visibility.optional(),
    opensAt: opensAt.optional(),
    closesAt: closesAt.optional(),
  })
  .meta({ id: 'NewPoll' });

export const pollChange = newPoll
  .partial()
  .extend({ place: z.int().min(0).max(1_000_000).optional() })
  .meta({ id: 'PollChange' });

export const opening = z
  .strictObject({ show: z.boolean().optional().describe('false leaves in the room what is on') })
  .meta({ id: 'Opening' });

export const poll = z
  .strictObject({
    id: z.string(),
    room: z.string(),
    question: z.string(),
    options: z.array(z.strictObject({ id: z.string(), label: z.string() })),
    place: z.int().describe('Among the polls of its room; of two with the same the id decides'),
    visibility,
    shown: z.boolean().describe('Whether all may see now how the votes are spread'),
    state: z.enum(pollStates),
    openings: z.int().describe('How often it was opened'),
    final: z.boolean().describe('Closed, and counted to the last vote'),
    opensAt,
    closesAt,
    revision,
  })
  .meta({ id: 'Poll' });

export const polls = z.strictObject({ polls: z.array(poll) }).meta({ id: 'Polls' });

export const results = z
  .strictObject({
    poll: z.string(),
    question: z.string(),
    options: z.array(z.strictObject({ id: z.string(), label: z.string(), votes: z.int() })),
    total: z.int(),
    state: z.enum(pollStates),
    final: z.boolean(),
    revision,
  })
  .meta({ id: 'Results' });

export const problem = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string().describe('The status in words'),
    status: z.int(),
    detail: z.string().describe('For people'),
    code: z.string().describe('For programs'),
    errors: z
      .array(
        z.strictObject({
          path: z.string().describe('Where, such as options/0; empty for the whole'),
          code: z.string(),
          bound: z.int().optional().describe('Of too_few, too_many and too_long'),
          twin: z.string().optional().describe('Where the same is already, of repeated'),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.output<typeof problem>;
