import type { ErrorCode } from '@voting/core';
import { sentences } from './wording.ts';

/** What reads another way to a host than to a voter. */
const toHosts: Partial<Record<ErrorCode, string>> = {
  body_too_large: 'The request body is larger than 64 KiB.',
  media_type_unsupported: 'Send JSON (application/json).',
  cross_site: 'Another site made the browser send this, and it was not done.',
  queue_unavailable:
    'The queue did not answer in time, so the poll is not known to be closed. Close it again in a few seconds.',
  store_unavailable: 'The store does not answer. Try again in a few seconds, after a look at what is there.',
  poll_unknown: 'There is no such poll, or not any more.',
};

/** What a code says to hosts, in English. */
export function sentenceForHosts(code: ErrorCode): string {
  return toHosts[code] ?? sentences[code];
}
