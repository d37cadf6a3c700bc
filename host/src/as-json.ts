import { type HostedPoll, isShown, type Room } from '@voting/core';
import type { z } from 'zod';
import type { Standing } from './polls.ts';
import type * as json from './schemas.ts';

export function roomAsJson({ id, title, on, revision }: Room): z.output<typeof json.room> {
  return { id, title, on: on ?? null, revision };
}

export function pollAsJson(hosted: HostedPoll): z.output<typeof json.poll> {
  const { id, room, question, options, place, visibility, state, openings, final, revision } = hosted;
  return {
    id,
    room,
    question,
    options: options.map(({ id, label }) => ({ id, label })),
    place,
    visibility,
    shown: isShown(hosted),
    state,
    openings,
    final,
    opensAt: momentAsJson(hosted.opensAt),
    closesAt: momentAsJson(hosted.closesAt),
    revision,
  };
}

export function resultsAsJson({ poll, tally }: Standing): z.output<typeof json.results> {
  const { id, question, state, final, revision } = poll;
  const options = poll.options.map(({ id, label }) => ({ id, label, votes: tally[id] ?? 0 }));
  const total = options.reduce((sum, { votes }) => sum + votes, 0);
  return { poll: id, question, options, total, state, final, revision };
}

/** Unix milliseconds; what is left out or null stays so. */
export function momentOf(text: string | null | undefined): number | null | undefined {
  return typeof text === 'string' ? Date.parse(text) : text;
}

function momentAsJson(moment: number | undefined): string | null {
  return moment === undefined ? null : new Date(moment).toISOString();
}
