import { VotingError } from '@voting/core';
import type { z } from 'zod';
import { type ContentFault, InvalidContent } from './invalid-content.ts';

/** What was sent as JSON, when it is of that shape. @throws {InvalidContent} */
export function contentOf<Schema extends z.ZodType>(schema: Schema, sent: unknown): z.output<Schema> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  throw new InvalidContent(parsed.error.issues.flatMap((issue) => faultsOf(issue, sent)));
}

/** @throws {VotingError} `body_malformed` */
export function jsonIn(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new VotingError('body_malformed', { cause });
  }
}

function faultsOf(issue: z.core.$ZodIssue, sent: unknown): ContentFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key].join('/'), code: 'unknown' }));
  }
  const found = issue.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown>)?.[key],
    sent,
  );
  return [{ path: issue.path.join('/'), code: found === undefined ? 'missing' : 'malformed' }];
}
