import { writeFileSync } from 'node:fs';
import { runDrill } from './drill.ts';
import { reportOf } from './report.ts';
import { readDrillSettings, usage, WrongFlag } from './settings.ts';
import { startSystem } from './system.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

try {
  const settings = readDrillSettings(process.argv.slice(2));
  if (settings === 'help') {
    process.stdout.write(usage);
  } else {
    const system = await startSystem();
    try {
      const outcome = await runDrill(settings, system, (line) => console.error(line), interrupted.signal);
      const report = reportOf(outcome);
      process.stdout.write(report);
      if (settings.report !== undefined) writeFileSync(settings.report, report);
      process.exitCode = outcome.kept ? 0 : 1;
    } finally {
      await system.close();
    }
  }
} catch (error) {
  if (!(error instanceof WrongFlag)) throw error;
  process.stderr.write(`${error.message}\n--help lists the flags.\n`);
  process.exitCode = 2;
}
