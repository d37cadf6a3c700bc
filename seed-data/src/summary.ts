import { fineNumber, wholeNumber } from './numbers.ts';
import type { Score } from './score.ts';

export interface Run {
  readonly url: URL;
  readonly planned: number;
  readonly elapsedMs: number;
}

/** What a run came to, for people. */
export function summarise(run: Run, score: Score): string {
  const { accepted, refused, uncertain, latency } = score;
  const seconds = run.elapsedMs / 1000;
  const lines = [`accepted  ${wholeNumber(accepted)} of ${wholeNumber(run.planned)} votes`];
  if (refused > 0) lines.push(`refused   ${wholeNumber(refused)}: ${listReasons(score)}`);
  if (uncertain > 0) {
    lines.push(`          ${wholeNumber(uncertain)} of these may count all the same: no answer settled it`);
  }
  const notCast = run.planned - accepted - refused;
  if (notCast > 0) lines.push(`not cast  ${wholeNumber(notCast)}`);
  lines.push(`speed     ${wholeNumber(accepted / seconds)} votes a second for ${fineNumber(seconds)} s`);
  if (accepted > 0) {
    const [p50, p95, p99] = [50, 95, 99].map((percent) => fineNumber(latency.percentile(percent) / 1000));
    lines.push(
      `latency   p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, max ${fineNumber(latency.max / 1000)} ms`,
    );
  }
  if (refused > 0 && !score.answered) {
    lines.push(`Nothing answered at ${run.url.href} – is the vote service running there?`);
  }
  return `${lines.join('\n')}\n`;
}

function listReasons({ reasons }: Score): string {
  return [...reasons]
    .sort(([, one], [, other]) => other - one)
    .map(([reason, count]) => `${reason} ${wholeNumber(count)}`)
    .join(', ');
}
