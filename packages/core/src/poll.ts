import { type Fault, faultsOfText } from './fault.ts';

/** One thing a voter can choose. `id` is a single letter from `a` to `z`; `label` is what people read. */
export interface Option {
  readonly id: string;
  readonly label: string;
}

/** A question with 2 to 26 options. Votes of different poll ids never mix, even in one store. */
export interface Poll {
  readonly id: string;
  readonly question: string;
  readonly options: readonly Option[];
}

/** Thrown for a poll that cannot be held. `faults` names every fault, not only the first. */
export class InvalidPoll extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(({ path, code }) => `${path}: ${code}`).join('\n'));
    this.name = 'InvalidPoll';
    this.faults = faults;
  }
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const fewestOptions = 2;
export const mostOptions = letters.length;
const longestQuestion = 300;
const longestLabel = 200;

/**
 * Makes a poll whose options get the ids a, b, c … in the order of `labels`.
 *
 * @throws {InvalidPoll} with every fault: of `id`, `question`, `options` and `options/0`, `options/1` …
 */
export function definePoll(id: string, question: string, labels: readonly string[]): Poll {
  const asked = question.trim();
  const options = labels.map((label, i) => ({ id: letters[i] ?? '?', label: label.trim() }));
  const faults = [
    ...(isPollId(id) ? [] : [{ path: 'id', code: 'malformed' } as const]),
    ...faultsOfText('question', asked, longestQuestion),
    ...faultsOfOptions(options),
  ];
  if (faults.length > 0) throw new InvalidPoll(faults);
  return Object.freeze({
    id,
    question: asked,
    options: Object.freeze(options.map((option) => Object.freeze(option))),
  });
}

export function isPollId(text: string): boolean {
  return /^[a-z0-9-]{1,40}$/.test(text);
}

function faultsOfOptions(options: readonly Option[]): Fault[] {
  const faults: Fault[] = [];
  if (options.length < fewestOptions) faults.push({ path: 'options', code: 'too_few', bound: fewestOptions });
  if (options.length > mostOptions) faults.push({ path: 'options', code: 'too_many', bound: mostOptions });
  const seen = new Map<string, string>();
  options.forEach(({ label }, i) => {
    const path = `options/${i}`;
    const twin = seen.get(label);
    // nobody could tell them apart
    if (label !== '' && twin !== undefined) faults.push({ path, code: 'repeated', twin });
    faults.push(...faultsOfText(path, label, longestLabel));
    seen.set(label, path);
  });
  return faults;
}
