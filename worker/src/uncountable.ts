import { type Delivery, isVoterId, type Poll } from '@voting/core';

/** Why an entry of the queue can never be counted, or undefined when it can. Few and fixed: they are metric labels. */
export function whyUncountable(delivery: Delivery, poll: Poll): string | undefined {
  if (delivery.poll !== poll.id) return 'unknown poll';
  if (!isVoterId(delivery.voter)) return 'malformed voter';
  if (!poll.options.some(({ id }) => id === delivery.option)) return 'unknown option';
  return undefined;
}
