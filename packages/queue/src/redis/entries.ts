import { type Delivery, type Sequence, sequenceAt } from '@voting/core';

/** A stream entry as it comes: the fields are absent when it was deleted while a consumer held it. */
export type Entry = readonly [id: string, fields: readonly string[] | null];

/**
 * The field of an entry that was put back from the dead letters: the id that it had at first, which says
 * where its vote belongs in the order. Dead letters have it too.
 */
export const firstId = 'entry';

/**
 * The vote in an entry. What the entry lacks is an empty text: whether it counts is not judged here.
 *
 * @param again whether it may have been delivered before
 */
export function toDelivery(stream: string, [id, fields]: Entry, again: boolean, waitedMs: number): Delivery {
  const vote: { poll: string; voter: string; option: string; traceparent?: string } = {
    poll: '',
    voter: '',
    option: '',
  };
  let place = id;
  const names = fields ?? [];
  for (let i = 0; i + 1 < names.length; i += 2) {
    const [name, value] = [names[i], names[i + 1] as string];
    if (name === 'poll' || name === 'voter' || name === 'option' || name === 'traceparent')
      vote[name] = value;
    else if (name === firstId && isBefore(value, id)) place = value;
  }
  return {
    poll: vote.poll,
    voter: vote.voter,
    option: vote.option,
    traceparent: vote.traceparent,
    sequence: sequenceOf(place),
    receipt: `${stream}/${id}`,
    again: again || place !== id,
    waitedMs,
  };
}

/** The place in the order of votes of the entry with this id. */
export function sequenceOf(id: string): Sequence {
  const dash = id.indexOf('-');
  return sequenceAt(Number(id.slice(0, dash)), Number(id.slice(dash + 1)));
}

/** Whether this is an id, and of an earlier place. */
function isBefore(text: string, id: string): boolean {
  return /^\d{1,15}-\d{1,15}$/.test(text) && sequenceOf(text) < sequenceOf(id);
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
