import { type Poll, VotingError } from '@voting/core';

/**
 * The option that a request body asks for.
 *
 * @throws {VotingError} `media_type_unsupported`, `body_malformed`, `option_missing` or `option_unknown`
 */
export function requestedOption(contentType: string | undefined, body: string, poll: Poll): string {
  const vote = voteField(contentType, body);
  if (typeof vote !== 'string' || vote === '') throw new VotingError('option_missing');
  if (!poll.options.some(({ id }) => id === vote)) throw new VotingError('option_unknown');
  return vote;
}

function voteField(contentType: string | undefined, body: string): unknown {
  switch (contentType?.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/x-www-form-urlencoded':
      return onlyValue(new URLSearchParams(body).getAll('vote'));
    case 'application/json':
      return fieldOf(parsed(body), 'vote');
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

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}
