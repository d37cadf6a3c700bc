import { type Delivery, isVoterId, type Poll } from '@voting/core';

/** Why an entry of the queue is set aside. Few and fixed: they are metric labels. */
export const reasons = ['unknown poll', 'malformed voter', 'unknown option', 'refused by the store'] as const;

export type Reason = (typeof reasons)[number];

/** Why an entry of the queue can never be counted, as far as it can be seen without the store. */
export function whyUncountable(delivery: Delivery, poll: Poll): Reason | undefined {
  if (delivery.poll !== poll.id) return 'unknown poll';
  if (!isVoterId(delivery.voter)) return 'malformed voter';
  if (!poll.options.some(({ id }) => id === delivery.option)) return 'unknown option';
  return undefined;
}
