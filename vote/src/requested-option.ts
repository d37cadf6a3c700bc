import { type Poll, VotingError } from '@voting/core';
import type { Editions } from './edition.ts';

/**
 * The option that a request body asks for. A page also names the edition that its voter read; a program may
 * leave that out and means the poll as it is.
 *
 * @throws {VotingError} `media_type_unsupported`, `body_malformed`, `option_missing`, `option_unknown`, or
 *   `poll_changed` when it names an edition in which the option was another
 */
export function requestedOption(
  contentType: string | undefined,
  body: string,
  poll: Poll,
  editions: Editions,
): string {
  const { vote, edition } = fieldsOf(contentType, body);
  if (typeof vote !== 'string' || vote === '') throw new VotingError('option_missing');
  if (typeof edition === 'string' && !editions.hold(edition, vote)) throw new VotingError('poll_changed');
  if (!poll.options.some(({ id }) => id === vote)) throw new VotingError('option_unknown');
  return vote;
}

interface Fields {
  readonly vote?: unknown;
  readonly edition?: unknown;
}

function fieldsOf(contentType: string | undefined, body: string): Fields {
  switch (contentType?.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/x-www-form-urlencoded': {
      const form = new URLSearchParams(body);
      return { vote: onlyValue(form.getAll('vote')), edition: form.get('edition') };
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
