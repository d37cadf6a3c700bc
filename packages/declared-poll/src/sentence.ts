import { type Fault, type FaultCode, mostOptions } from '@voting/core';

const inWords: Readonly<Record<FaultCode, (fault: Fault, what: string) => string>> = {
  malformed: () => '1 to 40 of a–z, 0–9 and -',
  empty: (_, what) => `the ${what} is empty`,
  too_few: ({ bound }) => `a poll needs at least ${bound} options`,
  too_many: ({ bound }) => `a poll has at most ${bound} options`,
  too_long: ({ bound }) => `longer than ${bound} characters`,
  control_character: () => 'contains a control character',
  repeated: ({ twin = '' }) => `the same label as ${variableAt(twin)}, nobody could tell them apart`,
};

/** A fault as a sentence that begins with the variable to change. `options` is how many there are. */
export function sentenceOf(fault: Fault, options: number): string {
  const { path, code } = fault;
  const variable = path === 'options' ? variableOf(Math.min(options, mostOptions - 1)) : variableAt(path);
  return `${variable}: ${inWords[code](fault, path === 'question' ? 'question' : 'label')}`;
}

/** Of the option with this index, from 0. */
export function variableOf(index: number): string {
  return `OPTION_${String.fromCharCode('A'.charCodeAt(0) + index)}`;
}

function variableAt(path: string): string {
  const [field, index] = path.split('/');
  return field === 'options' ? variableOf(Number(index)) : `POLL_${path.toUpperCase()}`;
}
