import type { Texts } from '@voting/pages/texts';
import type { PipelineState } from '../pipeline-state.ts';
import type { Results } from '../results.ts';

/**
 * Whole percentages that add up to 100 (to 0 without votes): each is rounded down, and what is
 * missing goes to the largest remainders.
 */
export function shares(votes: readonly number[]): number[] {
  const total = votes.reduce((sum, one) => sum + one, 0);
  if (total === 0) return votes.map(() => 0);
  const exact = votes.map((one) => (one * 100) / total);
  const percents = exact.map(Math.floor);
  const missing = 100 - percents.reduce((sum, one) => sum + one, 0);
  const byRemainder = exact
    .map((share, i) => ({ i, remainder: share - Math.floor(share) }))
    .sort((one, other) => other.remainder - one.remainder);
  for (const { i } of byRemainder.slice(0, missing)) percents[i] = (percents[i] ?? 0) + 1;
  return percents;
}

/** The same for two results exactly when question and options are the same. */
export function pollKey({ poll, question, options }: Results): string {
  return JSON.stringify([poll, question, ...options.map(({ id, label }) => [id, label])]);
}

/** Who is ahead; no votes and a tie are told apart. */
export function describeStanding(
  { options, total }: Pick<Results, 'options' | 'total'>,
  { result }: Pick<Texts, 'result'>,
): string {
  if (total === 0) return result.noVotes;
  const most = Math.max(...options.map(({ votes }) => votes));
  const leaders = options.filter(({ votes }) => votes === most).map(({ label }) => label);
  const [first = '', ...others] = leaders;
  if (others.length === 0) return result.ahead(first);
  return leaders.length > 4 ? result.tieOfMany(leaders.length) : result.tie(leaders);
}

export interface Condition {
  readonly kind: PipelineState['state'] | 'connecting' | 'reconnecting';
  readonly sentence: string;
}

/** Whether these are the numbers of now, in words. */
export function describePipeline(
  { state, delaySeconds, pending }: PipelineState,
  { result }: Pick<Texts, 'result'>,
): Condition {
  switch (state) {
    case 'live':
      return { kind: state, sentence: result.live };
    case 'delayed':
      return { kind: state, sentence: result.delayed(delaySeconds, pending) };
    case 'down':
      return { kind: state, sentence: result.down };
  }
}
