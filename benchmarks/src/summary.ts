import type { Goal, Measure } from './scenario.ts';

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return undefined;
  const middle = sorted.length / 2;
  const median = ((sorted[Math.ceil(middle) - 1] ?? min) + (sorted[Math.floor(middle)] ?? max)) / 2;
  return { min, median, max };
}

/** The ratios of ours to the ceiling, of one round each. */
export function ratiosOf({ ours, ceiling }: Measure): readonly number[] {
  return ours.flatMap((own, round) => {
    const other = ceiling[round];
    return other === undefined ? [] : [own / other];
  });
}

/** Whether the median meets the goal; undefined where there is none. */
export function isMet(measure: Measure): boolean | undefined {
  const { goal } = measure;
  if (goal === undefined) return undefined;
  const median = spreadOf(goal.of === 'ratio' ? ratiosOf(measure) : measure.ours)?.median;
  if (median === undefined) return undefined;
  return median >= (goal.atLeast ?? -Infinity) && median <= (goal.atMost ?? Infinity);
}

export function inWords({ of, atLeast, atMost }: Goal, unit: string): string {
  const suffix = of === 'ratio' ? '× the ceiling' : unit === '' ? '' : ` ${unit}`;
  return [atLeast !== undefined && `≥ ${atLeast}${suffix}`, atMost !== undefined && `≤ ${atMost}${suffix}`]
    .filter((part) => part !== false)
    .join(', ');
}
