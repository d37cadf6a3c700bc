import { type ErrorCode, VotingError } from '@voting/core';

/**
 * What every code says to people, in English: it is the language of the API and of the terminal. The pages have their own
 * sentences for what can reach a voter in other languages.
 */
export const sentences: Readonly<Record<ErrorCode, string>> = {
  option_missing: 'Choose one option: the field "vote" is missing or was sent more than once.',
  option_unknown: 'This poll has no such option. Reload the page and choose again.',
  poll_changed:
    'The question has changed since you opened the page. Your vote was not counted: choose again.',
  body_malformed: 'The request body could not be read as what it claims to be.',
  body_too_large: 'The request body is larger than a vote can be (1 KiB).',
  media_type_unsupported: 'Send the vote as a form (application/x-www-form-urlencoded) or as JSON.',
  cross_site: 'The vote came from another site and was not accepted. Vote on the poll’s own page.',
  not_signed_in: 'Only hosts may do this. Sign in with a key, or send it as Authorization: Bearer.',
  key_wrong: 'No host has this key.',
  too_many_keys: 'Too many wrong keys have come from this address. Wait a moment, then try again.',
  content_invalid: 'What was sent is not what belongs here. The list of errors says where.',
  revision_missing: 'Say what you have seen: send the ETag that you were given as If-Match.',
  too_many_requests: 'Too many votes from this address. Wait a moment, then vote again.',
  too_many_voters:
    'Too many new voters have come from this address. Vote from another network, or try again later.',
  queue_full: 'Your vote was not counted: too many are waiting. Please try again in a few seconds.',
  queue_unavailable:
    'Your vote could not be confirmed. Please try again in a few seconds; voting again is safe, it counts once.',
  queue_foreign:
    'Redis holds something of another program under the name of our stream. Give this product a Redis of its own.',
  not_found: 'There is no such page.',
  method_not_allowed: 'This address does not take that kind of request.',
  request_invalid: 'The request could not be understood.',
  request_too_slow: 'The request did not arrive within 10 seconds.',
  headers_too_large: 'The head of the request is larger than 16 KiB.',
  too_many_viewers: 'Too many follow the results at this moment. Try again in a few seconds.',
  unexpected: 'Something went wrong on our side. Please try again.',
  store_unavailable: 'The vote store does not answer.',
  store_denied:
    'PostgreSQL denies what is asked of it. Check user and password, and the rights, which npm run migrate gives.',
  store_refuses: 'The vote store refuses every vote: something is wrong with its tables, not with the votes.',
  vote_unstorable: 'The store refuses this vote for what it contains.',
  schema_too_new: 'The store was written by a newer version of this software. Start that version instead.',
  poll_differs:
    'The poll has votes, and what it says would change their meaning. Set POLL_ID to another id for a new poll, put the old texts back, or begin anew with npm run reset.',
  poll_unknown: 'There is no such poll, or not any more. No vote was counted.',
  poll_not_open: 'The vote has not begun yet. Your vote was not counted: come again when it is open.',
  poll_closed:
    'The vote is closed. Your vote came too late and was not counted; what you chose before counts.',
  poll_locked:
    'The poll has been opened, so its texts stay: options can be added after the others, and nothing else changed.',
  poll_state: 'The poll cannot go there from where it is.',
  room_unknown: 'There is no room with this code. Look at the screen again, and type what stands there.',
  room_in_use: 'A room can be removed when it has no polls any more. The main room stays.',
  room_taken: 'There is or was a room of that name. Choose another.',
  changed_meanwhile: 'Somebody else has changed it meanwhile. Look at it again, then decide.',
  store_foreign:
    'The database holds tables of another program under the names of ours. Give this product a database of its own.',
  data_folder_in_use: 'Another process is using this data folder. Stop it, or choose another with DATA_DIR.',
  data_folder_unusable: 'The data folder cannot be written. Choose another with DATA_DIR.',
  data_folder_full: 'The disk of the data folder is full. Make room, or choose another with DATA_DIR.',
  data_folder_outdated:
    'The data folder is of an earlier version, whose votes this one cannot read. Start that version, choose another folder with DATA_DIR, or begin anew with npm run reset.',
  data_folder_incomplete:
    'The data folder has lost its database, votes.db. Put it back (npm run restore), choose another folder with DATA_DIR, or begin anew with npm run reset.',
  data_folder_damaged:
    'The database in the data folder is damaged, and was left as it is. Restore a backup into another folder (npm run restore, DATA_DIR), or begin anew with npm run reset.',
};

/** What to tell the person concerned; undefined for an error that is nobody's to mend but ours. */
export function explain(error: unknown): string | undefined {
  if (!(error instanceof VotingError)) return undefined;
  const sentence = sentences[error.code];
  return error.detail === undefined ? sentence : `${sentence} (${error.detail})`;
}
