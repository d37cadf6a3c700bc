import type { Texts } from '@voting/pages/texts';
import type { History } from '../history.ts';

/** The coordinates that `timelinePath` draws in. */
export const timelineBox = { width: 60, height: 20 };

/** An SVG path through the steps, the busiest at the top. */
export function timelinePath({ votes }: History): string {
  const { width, height } = timelineBox;
  const most = Math.max(1, ...votes);
  const stride = width / Math.max(1, votes.length - 1);
  const points = votes.map((count, i) => `${round(i * stride)} ${round(height * (1 - count / most))}`);
  return points.length === 0 ? '' : `M${points.join('L')}`;
}

/** What the line shows, in words. */
export function describeTimeline({ stepSeconds, votes }: History, { result }: Pick<Texts, 'result'>): string {
  return result.lately(Math.round((stepSeconds * votes.length) / 60), Math.max(0, ...votes), stepSeconds);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
