import { pageAddress, proxies, text, variables, wholeNumber } from '@voting/runtime';

/** Shortest key that signs voter ids; shorter ones could be guessed. */
const shortestSecret = 16;

/** What the vote service takes from the environment, whichever queue it stands before. */
export const readVoteSettings = variables({
  VOTES_PER_MINUTE: wholeNumber(1, 1_000_000).optional(),
  NEW_VOTERS_PER_HOUR: wholeNumber(1, 1_000_000).optional(),
  TRUST_PROXY: proxies().optional(),
  RESULT_URL: pageAddress().optional(),
});

/** `VOTER_SECRET`: one key, or several separated by commas while they are being rotated; the first signs. */
export const readVoterSecret = variables(
  {
    VOTER_SECRET: text()
      .transform((list) => list.split(',').map((secret) => secret.trim()))
      .refine(
        (secrets) => secrets.every((secret) => secret.length >= shortestSecret),
        `each key must have at least ${shortestSecret} characters`,
      )
      .transform((secrets) => secrets as [string, ...string[]])
      .optional(),
  },
  { secrets: ['VOTER_SECRET'] },
);
