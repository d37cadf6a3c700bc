/**
 * One thing that is wrong with what somebody defines. Whoever asks people for it says it in words, because only there is
 * known what a field is called: a variable, a line of a form, a property of a request.
 */
export interface Fault {
  /** Where, with the names of the fields: `question`, `options`, `options/0`. */
  readonly path: string;
  readonly code: FaultCode;
  /** The bound that is not kept, of `too_few`, `too_many` and `too_long`. */
  readonly bound?: number;
  /** Where the same is already, of `repeated`. */
  readonly twin?: string;
}

/** What is wrong with a text that people are to read on one line. */
export function faultsOfText(path: string, text: string, longest: number): Fault[] {
  const faults: Fault[] = [];
  if (text === '') faults.push({ path, code: 'empty' });
  if (text.length > longest) faults.push({ path, code: 'too_long', bound: longest });
  if (/\p{Cc}/u.test(text)) faults.push({ path, code: 'control_character' });
  return faults;
}

export type FaultCode =
  | 'malformed'
  | 'empty'
  | 'too_few'
  | 'too_many'
  | 'too_long'
  | 'control_character'
  | 'repeated';
