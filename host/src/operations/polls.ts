import type { HostedPoll } from '@voting/core';
import { momentOf, pollAsJson, resultsAsJson } from '../as-json.ts';
import { type Operation, operation, type Reply } from '../operation.ts';
import type { Polls } from '../polls.ts';
import * as json from '../schemas.ts';

const all = '/api/rooms/{room}/polls';
const one = `${all}/{poll}`;

const openings = [
  {
    step: 'open',
    name: 'openPoll',
    summary: 'Opens a draft, and puts it on in its room',
    what: 'poll opened',
  },
  {
    step: 'reopen',
    name: 'reopenPoll',
    summary: 'Opens a closed poll again, and puts it on in its room',
    what: 'poll reopened',
  },
] as const;

export function pollOperations(hosted: Polls): readonly Operation[] {
  return [
    operation({
      method: 'GET',
      path: all,
      name: 'listPolls',
      summary: 'The polls of a room, in their order',
      reply: json.polls,
      refusals: ['room_unknown'],
      handle: async ({ params: { room = '' } }) => ({
        body: { polls: (await hosted.of(room)).map(pollAsJson) },
      }),
    }),
    operation({
      method: 'POST',
      path: all,
      name: 'addPoll',
      summary: 'Adds a draft as the last poll of a room',
      body: json.newPoll,
      status: 201,
      reply: json.poll,
      refusals: ['room_unknown'],
      async handle({ params: { room = '' }, body }) {
        const added = await hosted.add(room, asKept(body));
        const location = `/api/rooms/${room}/polls/${added.id}`;
        return { ...about(added, 'poll added'), headers: { location } };
      },
    }),
    operation({
      method: 'GET',
      path: one,
      name: 'readPoll',
      summary: 'One poll',
      reply: json.poll,
      refusals: ['poll_unknown'],
      async handle({ params: { room = '', poll = '' } }) {
        const found = await hosted.poll(room, poll);
        return { body: pollAsJson(found), revision: found.revision };
      },
    }),
    operation({
      method: 'PATCH',
      path: one,
      name: 'changePoll',
      summary:
        'Changes a poll; once it was opened, of its texts only options that are added after the others',
      ifMatch: 'required',
      body: json.pollChange,
      reply: json.poll,
      refusals: ['poll_unknown', 'poll_locked'],
      async handle({ params: { room = '', poll = '' }, body, seen }) {
        return about(await hosted.change(room, poll, asKept(body), seen), 'poll changed');
      },
    }),
    operation({
      method: 'DELETE',
      path: one,
      name: 'removePoll',
      summary: 'Removes a poll, with its votes, that is a draft or final',
      ifMatch: 'required',
      refusals: ['poll_unknown', 'poll_state'],
      async handle({ params: { room = '', poll = '' }, seen }) {
        await hosted.remove(room, poll, seen);
        return { body: undefined, did: { what: 'poll removed', room, poll } };
      },
    }),
    ...openings.map(({ step, name, summary, what }) =>
      operation({
        method: 'POST',
        path: `${one}/${step}`,
        name,
        summary,
        ifMatch: 'honoured',
        body: json.opening,
        bodyOptional: true,
        reply: json.poll,
        refusals: ['poll_unknown', 'poll_state'],
        async handle({ params: { room = '', poll = '' }, body, seen }) {
          return about(await hosted[step](room, poll, body.show ?? true, seen), what);
        },
      }),
    ),
    operation({
      method: 'POST',
      path: `${one}/close`,
      name: 'closePoll',
      summary: 'Closes a poll; with the answer no vote is taken any more',
      ifMatch: 'honoured',
      reply: json.poll,
      refusals: ['poll_unknown', 'poll_state', 'queue_unavailable', 'queue_foreign'],
      async handle({ params: { room = '', poll = '' }, seen }) {
        return about(await hosted.close(room, poll, seen), 'poll closed');
      },
    }),
    operation({
      method: 'GET',
      path: `${one}/results`,
      name: 'readResults',
      summary: 'How a poll stands, whoever else may see it',
      reply: json.results,
      refusals: ['poll_unknown'],
      async handle({ params: { room = '', poll = '' } }) {
        return { body: resultsAsJson(await hosted.standing(room, poll)) };
      },
    }),
  ];
}

/** What has been done to a poll, and what it is now. */
function about(kept: HostedPoll, what: string): Reply<ReturnType<typeof pollAsJson>> {
  const { id, room, revision } = kept;
  return { body: pollAsJson(kept), revision, did: { what, room, poll: id } };
}

interface Plan {
  readonly options?: readonly string[] | undefined;
  readonly opensAt?: string | null | undefined;
  readonly closesAt?: string | null | undefined;
}

function asKept<Sent extends Plan>({ options, opensAt, closesAt, ...rest }: Sent) {
  return {
    ...rest,
    labels: options as Sent['options'],
    opensAt: momentOf(opensAt),
    closesAt: momentOf(closesAt),
  };
}
