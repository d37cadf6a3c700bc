import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { runProgram, WrongCall } from '../program.ts';

type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface Program<F extends Flags> {
  readonly usage: string;
  readonly flags: ParseArgsOptionsConfig;
  /** Ends well, or throws as `runProgram` wants it. */
  run(flags: F, args: readonly string[]): Promise<void>;
}

/**
 * Runs a program that is called with flags, and answers --help. Results go to stdout, everything else to
 * stderr.
 */
export async function runWithFlags<F extends Flags>({ usage, flags, run }: Program<F>): Promise<void> {
  await runProgram(async (args) => {
    const { values, positionals } = parseArgs({
      args,
      options: { ...flags, help: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (values.help === true) process.stdout.write(usage);
    else await run(values as F, positionals);
    return 0;
  });
}

/** @throws {WrongCall} when the flag or variable is missing or empty */
export function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new WrongCall(`${name} is needed. See --help.`);
  return value;
}

/** `90s`, `20m` or `1h` in milliseconds. @throws {WrongCall} */
export function readDuration(name: string, text: string): number {
  const [, count, unit] = /^(\d{1,5})(s|m|h)$/.exec(text) ?? [];
  if (count === undefined)
    throw new WrongCall(`${name}: ${JSON.stringify(text)} is not like 90s, 20m or 1h.`);
  return Number(count) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}
