import type { History } from '../history.ts';
import type { Results } from '../results.ts';
import { createAnnouncer } from './announcer.ts';
import { follow } from './connection.ts';
import './full-screen.ts';
import { find, textsOfPage, write } from './page.ts';
import { type Condition, describeState, describeVotes, pollKey, shares } from './standing.ts';
import { describeTimeline, timelinePath } from './timeline.ts';

/** Keeps the page that the server rendered up to date. */
const texts = await textsOfPage();
const announcement = find(document, '#announcement');
const announce = createAnnouncer((sentence) => write(announcement, sentence));

const following = follow({
  results: show,
  history: showHistory,
  lost: () => showCondition({ kind: 'reconnecting', sentence: texts.result.reconnecting }),
});

function show(results: Results): void {
  if (pollKey(results) !== document.body.dataset.poll) {
    replacePage();
    return;
  }
  document.body.dataset.votes = results.votes;
  const percents = shares(results.options.map(({ votes }) => votes ?? 0));
  for (const [i, { id, votes }] of results.options.entries()) {
    const row = find(document, `tr[data-option="${id}"]`);
    const percent = percents[i] ?? 0;
    find<SVGElement>(row, '.fill').setAttribute('width', `${percent}%`);
    write(find(row, '.count'), votes === null ? '' : texts.result.count(votes));
    write(find(row, '.percent'), votes === null ? '' : texts.percent(percent));
  }
  write(find(document, '#total'), texts.result.total(results.total));
  write(find(document, '#standing'), describeVotes(results, texts));
  find(document, '#reopened').hidden = !results.reopened;
  showCondition(describeState(results, texts));
}

/** The question or its options are others now: numbers must not appear beside the old labels. */
function replacePage(): void {
  following.stop();
  setTimeout(() => location.reload(), 1_000 + Math.random() * 2_000);
}

function showCondition({ kind, sentence }: Condition): void {
  const condition = find(document, '#condition');
  condition.dataset.kind = kind;
  write(condition, sentence);
  announce({ kind, condition: sentence, standing: find(document, '#standing').textContent });
}

function showHistory(history: History): void {
  find<SVGElement>(document, '#timeline path').setAttribute('d', timelinePath(history));
  write(find(document, '#lately'), describeTimeline(history, texts));
}
