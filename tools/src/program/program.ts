import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** An expected end without success: one sentence for the person who reads the log, exit status 1. */
export class Failure extends Error {}

/** The program was called wrongly: exit status 2. */
export class UsageMistake extends Error {}

type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface Program<F extends Flags> {
  readonly usage: string;
  readonly flags: ParseArgsOptionsConfig;
  /** @throws {Failure | UsageMistake} anything else is a fault of the program itself */
  run(flags: F, args: readonly string[]): Promise<void>;
}

/**
 * Runs a program on the arguments of this process and sets its exit status: 0 done, 1 failed, 2 called
 * wrongly. Results go to stdout, everything else to stderr.
 */
export async function runProgram<F extends Flags>(program: Program<F>): Promise<void> {
  try {
    const { values, positionals } = parseArgs({
      args: process.argv.slice(2),
      options: { ...program.flags, help: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (values.help === true) {
      process.stdout.write(program.usage);
      return;
    }
    await program.run(values as F, positionals);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const mistaken = error instanceof UsageMistake || isParseError(error);
    if (!mistaken && !(error instanceof Failure)) throw error;
    process.stderr.write(`${error.message}\n${mistaken ? '--help lists the flags.\n' : ''}`);
    process.exitCode = mistaken ? 2 : 1;
  }
}

function isParseError(error: Error): boolean {
  return 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

/** @throws {UsageMistake} when the flag is missing or empty */
export function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageMistake(`${name} is needed.`);
  return value;
}

/** `90s`, `20m` or `1h` in milliseconds. @throws {UsageMistake} */
export function readDuration(name: string, text: string): number {
  const [, count, unit] = /^(\d{1,5})(s|m|h)$/.exec(text) ?? [];
  if (count === undefined)
    throw new UsageMistake(`${name}: ${JSON.stringify(text)} is not like 90s, 20m or 1h.`);
  return Number(count) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}
