import { parseArgs } from 'node:util';

export interface DrillSettings {
  /** How long votes are cast, in minutes. */
  readonly minutes: number;
  /** The same seed makes the same schedule of faults, and the same things that hosts do one after the other. */
  readonly seed: number;
  /** Votes begun a second. */
  readonly rate: number;
  readonly faultsPerMinute: number;
  /** Where the report goes; undefined for the terminal alone. */
  readonly report: string | undefined;
}

export class WrongFlag extends Error {}

export const usage = `Casts votes while things go wrong and hosts open and close polls, and checks that none is lost, counted
twice or counted late. It starts two vote services, two workers, a result service, a host service, a
Redis and a PostgreSQL of its own.

  npm run drill -- [flags]

  --minutes N             how long votes are cast (2)
  --seed N                which faults happen when and what hosts do; the same number makes the same (at random)
  --rate N                votes begun a second (2000)
  --faults-per-minute N   how much goes wrong (13)
  --report FILE           writes the report, in Markdown, there as well

It ends with status 0 when every promise was kept, and with 1 and the evidence when not.
`;

/** @throws {WrongFlag} with a sentence for the user */
export function readDrillSettings(args: readonly string[]): DrillSettings | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  return {
    minutes: number('minutes', values.minutes, 0.1, 1_440),
    seed: Math.floor(number('seed', values.seed ?? String(randomSeed()), 1, 2 ** 32 - 1)),
    rate: number('rate', values.rate, 1, 100_000),
    faultsPerMinute: number('faults-per-minute', values['faults-per-minute'], 0, 1_000),
    report: values.report,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '2' },
        seed: { type: 'string' },
        rate: { type: 'string', default: '2000' },
        'faults-per-minute': { type: 'string', default: '13' },
        report: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new WrongFlag((error as Error).message);
  }
}

function number(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most)) {
    throw new WrongFlag(`--${flag}: must be a number from ${least} to ${most}`);
  }
  return value;
}

function randomSeed(): number {
  return 1 + Math.floor(Math.random() * 999_999);
}
