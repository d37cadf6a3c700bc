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
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'InvalidPoll';
    this.faults = faults;
  }
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const longestQuestion = 300;
const longestLabel = 200;

/**
 * Makes a poll whose options get the ids a, b, c … in the order of `labels`.
 *
 * @throws {InvalidPoll} with one sentence per fault, each naming the environment variable to change.
 */
export function definePoll(id: string, question: string, labels: readonly string[]): Poll {
  const options = labels.map((label, i) => ({ id: letters[i] ?? '?', label: label.trim() }));
  const faults = [...faultsOfQuestion(id, question), ...faultsOfOptions(options)];
  if (faults.length > 0) throw new InvalidPoll(faults);
  return Object.freeze({
    id,
    question: question.trim(),
    options: Object.freeze(options.map((option) => Object.freeze(option))),
  });
}

/**
 * Reads the poll from `POLL_ID`, `POLL_QUESTION` and `OPTION_A` … `OPTION_Z`.
 * With none of them set it is the well-known "Cats vs Dogs!".
 *
 * @throws {InvalidPoll}
 */
export function readPoll(env: Readonly<Record<string, string | undefined>>): Poll {
  const named = Object.keys(env).filter((name) => name.startsWith('OPTION_') && env[name] !== undefined);
  const faults = named
    .filter((name) => !/^OPTION_[A-Z]$/.test(name))
    .map((name) => `${name}: an option is OPTION_A to OPTION_Z, 26 at most`);
  const labels: string[] = [];
  for (const name of named.filter((name) => /^OPTION_[A-Z]$/.test(name)).sort()) {
    const expected = variableOf(labels.length);
    if (name !== expected) {
      faults.push(`${expected}: missing, although ${name} is set; options follow on without a gap`);
      break;
    }
    labels.push(env[name] ?? '');
  }
  try {
    const poll = definePoll(
      env.POLL_ID ?? 'main',
      env.POLL_QUESTION ?? 'Cats vs Dogs!',
      named.length === 0 ? ['Cats', 'Dogs'] : labels,
    );
    if (faults.length === 0) return poll;
  } catch (error) {
    if (!(error instanceof InvalidPoll)) throw error;
    // a gap already explains why there are too few
    faults.push(
      ...(faults.length === 0 ? error.faults : error.faults.filter((f) => !f.includes('at least 2'))),
    );
  }
  throw new InvalidPoll(faults);
}

export function isPollId(text: string): boolean {
  return /^[a-z0-9-]{1,40}$/.test(text);
}

function faultsOfQuestion(id: string, question: string): string[] {
  const faults: string[] = [];
  if (!isPollId(id)) faults.push('POLL_ID: 1 to 40 of a–z, 0–9 and -');
  if (question.trim() === '') faults.push('POLL_QUESTION: the question is empty');
  if (question.length > longestQuestion)
    faults.push(`POLL_QUESTION: longer than ${longestQuestion} characters`);
  if (hasControlCharacter(question)) faults.push('POLL_QUESTION: contains a control character');
  return faults;
}

function faultsOfOptions(options: readonly Option[]): string[] {
  const faults: string[] = [];
  if (options.length < 2) faults.push(`${variableOf(options.length)}: a poll needs at least 2 options`);
  if (options.length > letters.length) faults.push('OPTION_Z: a poll has at most 26 options');
  const seen = new Map<string, string>();
  options.forEach(({ label }, i) => {
    const name = variableOf(i);
    const twin = seen.get(label);
    if (label === '') faults.push(`${name}: the label is empty`);
    else if (twin !== undefined)
      faults.push(`${name}: the same label as ${twin}, nobody could tell them apart`);
    if (label.length > longestLabel) faults.push(`${name}: longer than ${longestLabel} characters`);
    if (hasControlCharacter(label)) faults.push(`${name}: contains a control character`);
    seen.set(label, name);
  });
  return faults;
}

function variableOf(index: number): string {
  return `OPTION_${(letters[index] ?? 'z').toUpperCase()}`;
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
