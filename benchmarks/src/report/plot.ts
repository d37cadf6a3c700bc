import type { Measure, Scenario } from '../scenario.ts';
import { spreadOf } from '../summary.ts';
import { figure } from './figures.ts';

const width = 720;
const labelWidth = 280;
const barHeight = 16;
const rowHeight = 56;
const top = 40;
const right = 110;

/** Bars of ours and of the ceiling, one pair for each measure, with a line from the lowest to the highest. */
export function plotOf(scenario: Scenario, measures: readonly Measure[]): string {
  const height = top + measures.length * rowHeight + 8;
  const rows = measures.map((measure, index) => pair(measure, top + index * rowHeight));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${escaped(scenario.name)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="8" y="22" font-size="15" font-weight="600" fill="#1a1a1a">${escaped(scenario.name)}</text>`,
    `<text x="${width - 8}" y="22" text-anchor="end"><tspan fill="#1f6f8b">■ ours</tspan> <tspan fill="#8a8f98">■ ceiling</tspan></text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function pair(measure: Measure, y: number): string {
  const most = Math.max(...measure.ours, ...measure.ceiling);
  const scale = (width - labelWidth - right) / (most || 1);
  return [
    `<text x="8" y="${y + 14}" fill="#1a1a1a">${escaped(measure.what)}</text>`,
    `<text x="8" y="${y + 31}" fill="#5a5f66" font-size="11">${escaped(measure.unit)}</text>`,
    bar(measure.ours, y, scale, '#1f6f8b'),
    bar(measure.ceiling, y + barHeight + 4, scale, '#b9bec6'),
  ].join('\n');
}

function bar(values: readonly number[], y: number, scale: number, colour: string): string {
  const spread = spreadOf(values);
  if (spread === undefined) return '';
  const { min, median, max } = spread;
  const middle = y + barHeight / 2;
  return [
    `<rect x="${labelWidth}" y="${y}" width="${(median * scale).toFixed(1)}" height="${barHeight}" fill="${colour}"/>`,
    `<path d="M${(labelWidth + min * scale).toFixed(1)} ${middle}H${(labelWidth + max * scale).toFixed(1)}" stroke="#1a1a1a" stroke-width="1.5"/>`,
    `<text x="${(labelWidth + max * scale + 6).toFixed(1)}" y="${middle + 4}" fill="#1a1a1a">${figure(median)}</text>`,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
