import { proxies, variables } from '@voting/runtime';

/** What the host service takes from the environment, whichever store and queue it stands between. */
export const readHostSettings = variables({ TRUST_PROXY: proxies().optional() });
