import { type Poll, VotingError } from '@voting/core';

/**
 * The option that a parsed request body asks for.
 *
 * @param body the fields of a form, or a value that came as JSON
 * @throws {VotingError} `option_missing` or `option_unknown`
 */
export function requestedOption(body: unknown, poll: Poll): string {
  const vote = body instanceof URLSearchParams ? onlyValue(body.getAll('vote')) : fieldOf(body, 'vote');
  if (typeof vote !== 'string' || vote === '') throw new VotingError('option_missing');
  if (!poll.options.some(({ id }) => id === vote)) throw new VotingError('option_unknown');
  return vote;
}

function onlyValue(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}
