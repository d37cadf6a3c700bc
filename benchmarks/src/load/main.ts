import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createElectorate } from './electorate.ts';
import { castVotes } from './load.ts';

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '64' },
    rate: { type: 'string' },
    returning: { type: 'string', default: '0.5' },
    options: { type: 'string', default: 'a,b' },
    // a file with the paths of vote pages, one a line
    paths: { type: 'string' },
    // a file for the times of all answers, 64-bit floats of Unix milliseconds
    answers: { type: 'string' },
  },
});
if (values.target === undefined) throw new Error('--target is missing: the address of a vote page');

const electorate = createElectorate(Number(values.returning));
const { latencies, answeredAt, ...outcome } = await castVotes(
  {
    target: new URL(values.target),
    paths: values.paths === undefined ? [] : (await readFile(values.paths, 'utf8')).trim().split('\n'),
    connections: Number(values.connections),
    seconds: Number(values.seconds),
    rate: values.rate === undefined ? undefined : Number(values.rate),
    options: values.options.split(','),
  },
  electorate,
);
if (values.answers !== undefined) await writeFile(values.answers, answeredAt);
const at = (share: number) =>
  latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
const { user, system } = process.cpuUsage();
process.stdout.write(
  `${JSON.stringify({
    ...outcome,
    p50: at(0.5),
    p99: at(0.99),
    p999: at(0.999),
    processorSeconds: (user + system) / 1e6,
    ledger: electorate.ledger(),
  })}\n`,
);
