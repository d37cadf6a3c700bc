import type { Texts } from '@voting/pages/texts';
import type { History } from '../history.ts';

/** The coordinates that `timelinePath` draws in. */
export const timelineBox = { width: 60, height: 20 };

/** An SVG path through the steps, the busiest at the top; it is broken where nothing is known. */
export function timelinePath({ votes }: History): string {
  const { width, height } = timelineBox;
  const most = Math.max(1, mostOf(votes));
  const stride = width / Math.max(1, votes.length - 1);
  let path = '';
  for (const [i, count] of votes.entries()) {
    if (count === null) continue;
    const known = i > 0 && votes[i - 1] !== null;
    path += `${known ? 'L' : 'M'}${round(i * stride)} ${round(height * (1 - count / most))}`;
    // a step between two unknown ones is a dot
    if (!known && votes[i + 1] == null) path += 'h0';
  }
  return path;
}

/** What the line shows, in words. */
export function describeTimeline({ stepSeconds, votes }: History, { result }: Pick<Texts, 'result'>): string {
  return result.lately(Math.round((stepSeconds * votes.length) / 60), mostOf(votes), stepSeconds);
}

function mostOf(votes: History['votes']): number {
  return Math.max(0, ...votes.map((count) => count ?? 0));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
