import { type Delivery, isPollId, isVoterId } from '@voting/core';

/** Why an entry of the queue is set aside. Few and fixed: they are metric labels. */
export const reasons = ['unknown poll', 'malformed voter', 'unknown option', 'refused by the store'] as const;

export type Reason = (typeof reasons)[number];

/** Why an entry of the queue can never be counted, whatever is declared later. */
export function whyMalformed({ poll, voter, option }: Delivery): Reason | undefined {
  if (!isVoterId(voter)) return 'malformed voter';
  if (!isPollId(poll)) return 'unknown poll';
  if (!/^[a-z]$/.test(option)) return 'unknown option';
  return undefined;
}
