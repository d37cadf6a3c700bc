import { describeMachine } from './machine.ts';
import { header, inWordsOfCosts, rowsOf } from './report/table.ts';
import { writeReport } from './report/write.ts';
import { scenarios } from './scenarios.ts';
import { noteOf, readSettings, type Settings, UsageError, usage } from './settings.ts';

const settings = settingsOrExit();
const say = (line: string) => process.stdout.write(`${line}\n`);
const machine = describeMachine();
say(machine);
for (const scenario of scenarios.filter(({ name }) => settings.names.includes(name))) {
  say(`\n${scenario.name}: ${scenario.measures}`);
  const measured = await scenario.run(settings.scale, (progress) => say(`  ${progress}`));
  const outcome = { ...measured, notes: [...noteOf(settings.scale), ...measured.notes] };
  say([...header, ...rowsOf(scenario.name, outcome)].join('\n'));
  for (const note of outcome.notes) say(note);
  if (outcome.costs !== undefined) say(inWordsOfCosts(outcome.costs));
  say(`totals: ${outcome.totals}`);
  await writeReport(settings.out, scenarios, { scenario, outcome, machine });
}

function settingsOrExit(): Settings {
  try {
    return readSettings(
      process.argv.slice(2),
      scenarios.map(({ name }) => name),
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    process.exit(2);
  }
}
