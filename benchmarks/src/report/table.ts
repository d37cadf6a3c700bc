import type { Measure, Outcome, Scenario } from '../scenario.ts';
import { inWords, isMet, ratiosOf, spreadOf } from '../summary.ts';
import { figure } from './figures.ts';

/** One row of the table: a measure of a scenario. */
function row(name: string, measure: Measure): string {
  const met = isMet(measure);
  const cells = [
    name,
    `${measure.what} (${measure.unit})`,
    cell(measure.ours),
    measure.ceiling.length === 0 ? '–' : cell(measure.ceiling),
    measure.ceiling.length === 0 ? '–' : cell(ratiosOf(measure)),
    measure.goal === undefined ? '–' : inWords(measure.goal, measure.unit),
    met === undefined ? '–' : met ? 'yes' : 'no',
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The median, and the smallest and the largest if there were several rounds. */
function cell(values: readonly number[]): string {
  const spread = spreadOf(values);
  if (spread === undefined) return '–';
  const { min, median, max } = spread;
  return values.length === 1 ? figure(median) : `${figure(median)} (${figure(min)}–${figure(max)})`;
}

/** The outcome of one scenario as a page. */
export function pageOf(scenario: Scenario, outcome: Outcome, machine: string): string {
  const { measures, totals, notes, costs } = outcome;
  return [
    `# ${scenario.name}`,
    '',
    `Measured: ${scenario.measures}.`,
    `Ceiling: ${scenario.ceiling}.`,
    `Totals: ${totals}.`,
    ...notes.map((note) => `Note: ${note}.`),
    ...(costs === undefined ? [] : [inWordsOfCosts(costs)]),
    `Machine: ${machine}.`,
    '',
    ...header,
    ...measures.map((measure) => row(scenario.name, measure)),
    '',
    `![${scenario.name}](${scenario.name}.svg)`,
    '',
  ].join('\n');
}

export function inWordsOfCosts(costs: Readonly<Record<string, number>>): string {
  const parts = Object.entries(costs).map(([name, microseconds]) => `${name} ${microseconds.toFixed(1)} µs`);
  return `Processor time a vote: ${parts.join(', ')}.`;
}

export const header = [
  '| scenario | figure | ours | ceiling | ratio | goal | met |',
  '|---|---|---|---|---|---|---|',
] as const;

export function rowsOf(name: string, { measures }: Outcome): readonly string[] {
  return measures.map((measure) => row(name, measure));
}
