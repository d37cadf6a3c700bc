import { type Delivery, sequenceAt } from '@voting/core';

/** A stream entry as it comes: the fields are absent when it was deleted while a consumer held it. */
export type Entry = readonly [id: string, fields: readonly string[] | null];

/** The vote in an entry. What the entry lacks is an empty text: whether it counts is not judged here. */
export function toDelivery(stream: string, [id, fields]: Entry): Delivery {
  const vote: { poll: string; voter: string; option: string; traceparent?: string } = {
    poll: '',
    voter: '',
    option: '',
  };
  const names = fields ?? [];
  for (let i = 0; i + 1 < names.length; i += 2) {
    const name = names[i];
    if (name === 'poll' || name === 'voter' || name === 'option' || name === 'traceparent') {
      vote[name] = names[i + 1] as string;
    }
  }
  const dash = id.indexOf('-');
  return {
    poll: vote.poll,
    voter: vote.voter,
    option: vote.option,
    traceparent: vote.traceparent,
    sequence: sequenceAt(Number(id.slice(0, dash)), Number(id.slice(dash + 1))),
    receipt: `${stream}/${id}`,
  };
}

/** The stream and the id of the entry that a delivery came from. */
export function parseReceipt(receipt: string): { readonly stream: string; readonly id: string } {
  const slash = receipt.lastIndexOf('/');
  return { stream: receipt.slice(0, slash), id: receipt.slice(slash + 1) };
}

/** The Unix time in milliseconds at which an entry was added. */
export function addedAt(id: string): number {
  return Number(id.slice(0, id.indexOf('-')));
}

/** The lowest id above this one. */
export function idAfter(id: string): string {
  const dash = id.indexOf('-');
  return `${id.slice(0, dash)}-${BigInt(id.slice(dash + 1)) + 1n}`;
}
