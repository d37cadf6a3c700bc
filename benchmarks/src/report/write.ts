import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome, Scenario } from '../scenario.ts';
import { plotOf } from './plot.ts';
import { header, pageOf, rowsOf } from './table.ts';

interface Record {
  readonly measuredAt: string;
  readonly machine: string;
  readonly scenario: string;
  readonly outcome: Outcome;
}

/**
 * Writes what came out of a scenario into `folder`: the figures of every round as JSON, a page and a
 * plot. The table of all scenarios is made anew from the figures that are there.
 *
 * @param scenarios all there are, in the order of the table
 */
export async function writeReport(
  folder: string,
  scenarios: readonly Scenario[],
  { scenario, outcome, machine }: { scenario: Scenario; outcome: Outcome; machine: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const record: Record = { measuredAt: new Date().toISOString(), machine, scenario: scenario.name, outcome };
  await writeFile(join(folder, `${scenario.name}.json`), `${JSON.stringify(record, undefined, 2)}\n`);
  await writeFile(join(folder, `${scenario.name}.md`), pageOf(scenario, outcome, machine));
  await writeFile(join(folder, `${scenario.name}.svg`), plotOf(scenario, outcome.measures));
  await writeFile(join(folder, 'README.md'), await tableOf(folder, scenarios));
}

async function tableOf(folder: string, scenarios: readonly Scenario[]): Promise<string> {
  const files = await readdir(folder);
  const known = scenarios.filter(({ name }) => files.includes(`${name}.json`));
  const records = await Promise.all(
    known.map(async ({ name }) => JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as Record),
  );
  const short = records
    .filter(({ outcome }) => outcome.notes.some((note) => note.startsWith('a short run')))
    .map(({ scenario }) => scenario);
  const machines = new Set(
    records.map(({ machine, measuredAt }) => `${machine}, ${measuredAt.slice(0, 10)}`),
  );
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`. Median of all rounds, with the lowest and the highest. Ours and the ceiling',
    'take turns within one run; the ratio is that of neighbouring rounds. What each scenario measures, and',
    'against what, is on its page. How we got there: [performance](../performance.md). What it means for a',
    'larger vote: [scaling](../scaling.md).',
    '',
    ...Array.from(machines, (machine) => `Measured on ${machine}.`),
    ...(short.length > 0 ? ['', `Of a short run, for a first impression: ${short.join(', ')}.`] : []),
    '',
    ...header,
    ...records.flatMap(({ scenario, outcome }) => rowsOf(`[${scenario}](${scenario}.md)`, outcome)),
    '',
  ].join('\n');
}
