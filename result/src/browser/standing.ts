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
export function pollKey({ poll, question, options }: Pick<Results, 'poll' | 'question' | 'options'>): string {
  return JSON.stringify([poll, question, ...options.map(({ id, label }) => [id, label])]);
}

/** Who is ahead, or has won; no votes and a tie are told apart. While votes are not shown, when they will be. */
export function describeVotes(
  { options, total, stage, votes: shown }: Pick<Results, 'options' | 'total' | 'stage' | 'votes'>,
  { result }: Pick<Texts, 'result'>,
): string {
  if (shown !== 'shown') return shown === 'host only' ? result.hostOnly : result.whenClosed;
  if (total === 0) return result.noVotes;
  const most = Math.max(...options.map(({ votes }) => votes ?? 0));
  const leaders = options.filter(({ votes }) => votes === most).map(({ label }) => label);
  const [first = '', ...others] = leaders;
  if (others.length === 0) return stage === 'final' ? result.won(first) : result.ahead(first);
  return leaders.length > 4 ? result.tieOfMany(leaders.length) : result.tie(leaders);
}

export interface Condition {
  readonly kind: PipelineState['state'] | 'closing' | 'final' | 'connecting' | 'reconnecting';
  readonly sentence: string;
}

/** Whether these are the numbers of now, in words; final ones do not depend on the counting any more. */
export function describeState(
  { stage, pipeline }: Pick<Results, 'stage' | 'pipeline'>,
  { result }: Pick<Texts, 'result'>,
): Condition {
  const { state, delaySeconds, pending } = pipeline;
  if (stage === 'final') return { kind: 'final', sentence: result.final };
  if (state === 'down') return { kind: state, sentence: result.down };
  if (stage === 'closing') return { kind: 'closing', sentence: result.closing(pending) };
  return state === 'live'
    ? { kind: state, sentence: result.live }
    : { kind: state, sentence: result.delayed(delaySeconds, pending) };
}
