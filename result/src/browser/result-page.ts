import { io } from '/socket.io/socket.io.esm.min.js';
import type { Results } from '../results.ts';
import { type Condition, describePipeline, describeStanding, reconnecting, shares } from './standing.ts';

/** Keeps the page that the server rendered up to date. */
function show(results: Results): void {
  const percents = shares(results.options.map(({ votes }) => votes));
  results.options.forEach(({ id, votes }, i) => {
    const row = document.querySelector<HTMLElement>(`li[data-option="${id}"]`);
    if (row === null) return location.reload(); // the poll is another one now
    row.style.setProperty('--share', String((percents[i] ?? 0) / 100));
    write(row, '.votes', votes.toLocaleString('en'));
    write(row, '.percent', `${percents[i]}%`);
  });
  write(document, '#total', results.total.toLocaleString('en'));
  const standing = describeStanding(results);
  write(document, '#standing', standing.sentence).dataset.kind = standing.kind;
  showCondition(describePipeline(results.pipeline));
}

function showCondition({ kind, sentence }: Condition): void {
  write(document, '#condition', sentence).dataset.kind = kind;
}

/** Writes only what differs, so that screen readers announce only that. */
function write(root: ParentNode, selector: string, text: string): HTMLElement {
  const element = root.querySelector<HTMLElement>(selector);
  if (element === null) throw new Error(`the page has no ${selector}`);
  if (element.textContent !== text) element.textContent = text;
  return element;
}

for (const row of document.querySelectorAll<HTMLElement>('li[data-share]')) {
  row.style.setProperty('--share', row.dataset.share ?? '0');
}

const socket = io({ transports: ['websocket', 'polling'], reconnectionDelayMax: 3_000 });
socket.on('results', show);
socket.on('disconnect', () => showCondition(reconnecting));
socket.on('connect_error', () => showCondition(reconnecting));
