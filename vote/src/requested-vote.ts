import { type Directory, type HostedPoll, type Place, pollAt, VotingError } from '@voting/core';
import { editionsFor, roomAt } from './scene.ts';

/** What somebody asks for, which the gate of the poll may still refuse. */
export interface RequestedVote {
  readonly poll: HostedPoll;
  readonly option: string;
}

/**
 * What a request body asks for at a place. A page names the poll and the edition that its voter read; a program may leave
 * both out, and means what the address is about, as it is.
 *
 * @throws {VotingError} `media_type_unsupported`, `body_malformed`, `option_missing`, `option_unknown`, `room_unknown`,
 *   `poll_unknown`, `poll_not_open` when nothing is on, or `poll_changed` when it names an edition in which the option was
 *   another
 */
export function requestedVote(
  contentType: string | undefined,
  body: string,
  place: Place,
  directory: Directory,
): RequestedVote {
  const { vote, edition, poll: named } = fieldsOf(contentType, body);
  if (typeof vote !== 'string' || vote === '') throw new VotingError('option_missing');
  const poll = pollFor(typeof named === 'string' ? { ...place, poll: named } : place, directory);
  if (typeof edition === 'string' && !editionsFor(poll).hold(edition, vote)) {
    throw new VotingError('poll_changed');
  }
  if (!poll.options.some(({ id }) => id === vote)) throw new VotingError('option_unknown');
  return { poll, option: vote };
}

/** @throws {VotingError} */
function pollFor(place: Place, directory: Directory): HostedPoll {
  roomAt(place, directory);
  const poll = pollAt(place, directory);
  if (poll === undefined) throw new VotingError(place.poll === undefined ? 'poll_not_open' : 'poll_unknown');
  return poll;
}

interface Fields {
  readonly vote?: unknown;
  readonly edition?: unknown;
  readonly poll?: unknown;
}

function fieldsOf(contentType: string | undefined, body: string): Fields {
  switch (contentType?.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/x-www-form-urlencoded': {
      const form = new URLSearchParams(body);
      return { vote: onlyValue(form.getAll('vote')), edition: form.get('edition'), poll: form.get('poll') };
    }
    case 'application/json':
      return objectOf(parsed(body));
    default:
      throw new VotingError('media_type_unsupported');
  }
}

function onlyValue(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new VotingError('body_malformed', { cause });
  }
}

function objectOf(body: unknown): Fields {
  return typeof body === 'object' && body !== null ? body : {};
}
