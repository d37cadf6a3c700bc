import type { PipelineState } from '../pipeline-state.ts';
import type { OptionResult, Results } from '../results.ts';

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

export function countOf(votes: number): string {
  return `${votes.toLocaleString('en')} ${votes === 1 ? 'vote' : 'votes'}`;
}

/** Who is ahead; no votes and a tie are told apart. */
export function describeStanding({ options, total }: Pick<Results, 'options' | 'total'>): string {
  if (total === 0) return 'No votes yet';
  const most = Math.max(...options.map(({ votes }) => votes));
  const leaders = options.filter(({ votes }) => votes === most);
  if (leaders.length > 1) return `A tie: ${listOf(leaders)}`;
  return `Ahead: ${leaders[0]?.label}`;
}

function listOf(options: readonly OptionResult[]): string {
  const labels = options.map(({ label }) => label);
  return labels.length > 4
    ? `${labels.length} options`
    : `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}`;
}

export interface Condition {
  readonly kind: PipelineState['state'] | 'reconnecting';
  readonly sentence: string;
}

/** Whether these are the numbers of now, in words. */
export function describePipeline({ state, delaySeconds, pending }: PipelineState): Condition {
  switch (state) {
    case 'live':
      return { kind: state, sentence: 'Live' };
    case 'delayed': {
      const waiting = pending > 0 ? `, ${countOf(pending)} waiting` : '';
      return { kind: state, sentence: `Counting is ${delaySeconds} seconds behind${waiting}` };
    }
    case 'down':
      return { kind: state, sentence: 'Counting is interrupted. The numbers shown may be old.' };
  }
}

/** While this page has no connection of its own. */
export const reconnecting: Condition = {
  kind: 'reconnecting',
  sentence: 'Reconnecting. The numbers shown may be old.',
};
