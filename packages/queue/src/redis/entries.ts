import { type Sequence, sequenceAt } from '@voting/core';
import { type Fields, isRecordBatch } from './record-batch.ts';

/** A stream entry as it comes: the fields are absent when it was deleted while a consumer held it. */
export type Entry = readonly [id: string, fields: Fields | null];

/**
 * The fields of an entry that was put back from the dead letters, one of which says where its vote belongs in the
 * order. Dead letters have one too: `sequence` of a vote out of a record batch, `entry` (the id of the entry) of
 * an entry that was set aside as a whole.
 */
const placeFields = ['sequence', 'entry'] as const;

/** A place field and its value. */
export type Place = readonly [name: (typeof placeFields)[number], value: string];

/** Where the votes of an entry belong in the order: the first here, the others behind it. */
export function placeOf([id, fields]: Entry): { readonly first: Sequence; readonly putBack: boolean } {
  const own = fields === null || isRecordBatch(fields) ? firstOfBatch(id) : ofSingleVote(id);
  const [place] = takePlace(fields ?? []);
  const before = place && sequenceOfPlace(place);
  // what others write may say anything, but nothing gets above where it lies
  const putBack = before !== undefined && before < own;
  return { first: putBack ? before : own, putBack };
}

/** The lowest sequence that a vote in a record batch with this id can have. */
export function firstOfBatch(id: string): Sequence {
  const { ms, counter } = partsOf(id);
  return sequenceAt(ms, counter);
}

/** As the first version had it. */
function ofSingleVote(id: string): Sequence {
  const { ms, counter } = partsOf(id);
  return sequenceAt(ms, 0, counter);
}

function sequenceOfPlace([name, value]: Place): Sequence | undefined {
  if (name === 'sequence') return /^\d{1,18}$|^[1-8]\d{18}$/.test(value) ? BigInt(value) : undefined;
  return /^\d{1,15}-\d{1,15}$/.test(value) ? ofSingleVote(value) : undefined;
}

/** Separates the place of an entry that was put back from its other fields. */
export function takePlace(fields: Fields): readonly [place: Place | undefined, own: Fields] {
  const own: string[] = [];
  let place: Place | undefined;
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [field, value] = [fields[i] as string, fields[i + 1] as string];
    const name = placeFields.find((known) => known === field);
    if (name === undefined) own.push(field, value);
    else place = [name, value];
  }
  return [place, own];
}

/** The Unix time in milliseconds at which an entry was added. */
export function addedAt(id: string): number {
  return partsOf(id).ms;
}

/** The lowest id above this one. */
export function idAfter(id: string): string {
  const dash = id.indexOf('-');
  return `${id.slice(0, dash)}-${BigInt(id.slice(dash + 1)) + 1n}`;
}

function partsOf(id: string): { readonly ms: number; readonly counter: number } {
  const dash = id.indexOf('-');
  return { ms: Number(id.slice(0, dash)), counter: Number(id.slice(dash + 1)) };
}
