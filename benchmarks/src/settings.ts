import { parseArgs } from 'node:util';
import type { Scale } from './scenario.ts';

export interface Settings {
  readonly names: readonly string[];
  readonly out: string;
  readonly scale: Scale;
}

/** Thrown for arguments that cannot be used; `message` says which ones can. */
export class UsageError extends Error {}

export const usage = `npm run bench -- [scenario ...] [options]

  --rounds N     times that ours and the ceiling take turns (5)
  --seconds N    seconds of load in a round (5)
  --size N       share of the full amounts of votes and viewers, for a quick look (1)
  --target URL   with "accept": somebody else's vote page, measured with the same load
  --out FOLDER   where the figures go (docs/benchmarks)`;

/** A note for figures that are no more than a first impression; none for a full run. */
export function noteOf({ rounds, seconds, size }: Scale): readonly string[] {
  if (rounds >= 5 && seconds >= 5 && size >= 1) return [];
  return [
    `a short run, with --rounds ${rounds} --seconds ${seconds} --size ${size}: no more than a first impression`,
  ];
}

/** @throws {UsageError} */
export function readSettings(args: readonly string[], scenarios: readonly string[]): Settings {
  const { values, positionals } = parsed(args);
  const unknown = positionals.filter((name) => !scenarios.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(
      `There is no scenario "${unknown.join('", "')}". There are: ${scenarios.join(', ')}.`,
    );
  }
  const names = positionals.length > 0 ? positionals : scenarios;
  const target = values.target === undefined ? undefined : URL.parse(values.target);
  if (target === null) throw new UsageError('--target must be an address like http://localhost:8080/');
  if (target !== undefined && names.join() !== 'accept') {
    throw new UsageError('--target works with the scenario "accept" alone.');
  }
  return {
    names,
    out: values.out,
    scale: {
      rounds: positive('--rounds', values.rounds),
      seconds: positive('--seconds', values.seconds),
      size: positive('--size', values.size),
      target,
    },
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '5' },
        size: { type: 'string', default: '1' },
        target: { type: 'string' },
        out: { type: 'string', default: 'docs/benchmarks' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new UsageError(`${name} must be a number above 0`);
}
