import type { Results } from '@voting/result';
import type { DrillPoll } from './polls.ts';

/** What was shown of a poll, and how often its opening had been asked for by then. */
export interface Shown {
  readonly results: Results;
  readonly openings: number;
}

/**
 * Why what somebody is shown of a poll cannot be true, whatever has gone wrong: as far as that can be told, because what is shown
 * may be a little old.
 *
 * @param before what the same viewer was shown of it last
 */
export function whyImpossible(
  results: Results,
  poll: DrillPoll | undefined,
  before: Shown | undefined,
): readonly string[] {
  if (poll === undefined) return ['it is shown, and nobody has made it'];
  return [
    ...tooMany(results, poll),
    ...fewer(results, before),
    ...early(results, poll),
    ...hidden(results, poll),
  ].concat(before === undefined ? [] : movedWhenFinal(results, poll, before));
}

function tooMany({ options, total }: Results, { ledger }: DrillPoll): string[] {
  const found = options.flatMap(({ id, votes }) => {
    const most = ledger.mostVotes(id);
    if (votes !== null && votes < 0) return [`${votes} votes for ${id} were shown`];
    if (votes === null || votes <= most) return [];
    return [`${votes} votes for ${id} were shown when ${most} at most could have been cast`];
  });
  const most = ledger.mostVoters;
  return total <= most ? found : [...found, `${total} votes were shown when only ${most} had been cast`];
}

function fewer({ total }: Results, before: Shown | undefined): string[] {
  if (before === undefined || total >= before.results.total) return [];
  return [`${total} votes were shown after ${before.results.total}`];
}

/** In its first opening nobody can be shown rightly that it is closed before that was asked for. */
function early({ stage }: Results, { phase, openings }: DrillPoll): string[] {
  const cannot = stage !== 'open' && openings === 1 && phase === 'open';
  return cannot ? [`it was shown as ${stage} when nobody had closed it`] : [];
}

/** What is hidden while it is open is so in whatever says that it is open. */
function hidden({ stage, options }: Results, { visibility }: DrillPoll): string[] {
  if (options.every(({ votes }) => votes === null)) return [];
  const cannot = visibility === 'host' || (visibility === 'closed' && stage === 'open');
  return cannot ? [`its votes were shown, which are hidden (${visibility}), as it was ${stage}`] : [];
}

function movedWhenFinal(results: Results, { openings }: DrillPoll, before: Shown): string[] {
  const isSame =
    results.stage === 'final' && before.results.stage === 'final' && openings === before.openings;
  if (!isSame) return [];
  const [was, is] = [before.results, results].map(({ total, options }) =>
    JSON.stringify([total, ...options.map(({ votes }) => votes)]),
  );
  return was === is ? [] : [`its final result was ${was}, and then ${is}`];
}
