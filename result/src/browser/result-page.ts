import { io } from '/socket.io/socket.io.esm.min.js';
import type { Results } from '../results.ts';
import {
  type Condition,
  countOf,
  describePipeline,
  describeStanding,
  pollKey,
  reconnecting,
  shares,
} from './standing.ts';

/** Keeps the page that the server rendered up to date. */
function show(results: Results): void {
  if (pollKey(results) !== document.body.dataset.poll) {
    replacePage();
    return;
  }
  const percents = shares(results.options.map(({ votes }) => votes));
  for (const [i, { id, votes }] of results.options.entries()) {
    const row = find(document, `li[data-option="${id}"]`);
    row.style.setProperty('--share', String((percents[i] ?? 0) / 100));
    write(find(row, '.count'), countOf(votes));
    write(find(row, '.percent'), `${percents[i]}%`);
  }
  write(find(document, '#total'), `${countOf(results.total)} in total`);
  write(find(document, '#standing'), describeStanding(results));
  showCondition(describePipeline(results.pipeline));
}

/** The question or its options are others now: numbers must not appear beside the old labels. */
function replacePage(): void {
  socket.close();
  setTimeout(() => location.reload(), 1_000 + Math.random() * 2_000);
}

function showCondition({ kind, sentence }: Condition): void {
  const condition = find(document, '#condition');
  condition.dataset.kind = kind;
  write(condition, sentence);
}

/** Writes only what differs, so that screen readers announce only that. */
function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function find(root: ParentNode, selector: string): HTMLElement {
  const element = root.querySelector<HTMLElement>(selector);
  if (element === null) throw new Error(`the page has no ${selector}`);
  return element;
}

for (const row of document.querySelectorAll<HTMLElement>('li[data-share]')) {
  row.style.setProperty('--share', row.dataset.share ?? '0');
}

const socket = io({ transports: ['websocket', 'polling'], reconnectionDelayMax: 3_000 });
socket.on('results', show);
socket.on('disconnect', () => showCondition(reconnecting));
socket.on('connect_error', () => showCondition(reconnecting));
