import { pageAddress, proxies, variables } from '@voting/runtime';

/** What the result service takes from the environment, whichever store it stands behind. */
export const readResultSettings = variables({
  TRUST_PROXY: proxies().optional(),
  VOTE_URL: pageAddress().optional(),
});
