import { pageAddress, text, variables } from '@voting/runtime';

/** What the result service takes from the environment, whichever store it stands behind. */
export const readResultSettings = variables({
  TRUST_PROXY: text().optional(),
  VOTE_URL: pageAddress().optional(),
});
