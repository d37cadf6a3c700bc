import { readFile, writeFile } from 'node:fs/promises';
import type { Outcome } from '../scenario.ts';
import { spreadOf } from '../summary.ts';
import { type Demand, type Measured, planFor } from './capacity.ts';
import { simulateAccepting } from './two-cores.ts';

/** Half a millisecond is what a cloud volume takes for a write; the file system's own figure varies. */
const fsync = 500;
const folder = 'docs/benchmarks';
const demands: readonly Demand[] = [
  { votesPerSecond: 1_000, viewers: 1_000 },
  { votesPerSecond: 10_000, viewers: 10_000 },
  { votesPerSecond: 50_000, viewers: 100_000 },
  { votesPerSecond: 100_000, viewers: 1_000_000 },
  { votesPerSecond: 250_000, viewers: 2_500_000 },
  { votesPerSecond: 1_000_000, viewers: 10_000_000 },
];

const accept = await outcomeOf('accept');
const drain = await outcomeOf('drain');
const costs = { load: costOf(accept, 'load'), vote: costOf(accept, 'vote'), redis: costOf(accept, 'redis') };
const predicted = simulateAccepting(costs, { cores: 2, connections: 64, fsync });
const measuredRate = spreadOf(accept.measures[0]?.ours ?? [])?.median ?? Number.NaN;

const measured: Measured = {
  vote: costs.vote,
  redis: costs.redis,
  worker: costOf(drain, 'worker'),
  postgres: spreadOf(drain.measures[0]?.ours ?? [])?.median ?? Number.NaN,
  queuedBytes: spreadOf(drain.measures[1]?.ours ?? [])?.median ?? Number.NaN,
  viewers: 5_000,
};

const page = [
  '# Capacity',
  '',
  'Written by `npm run capacity` from the figures beside it. What it means: [scaling](../scaling.md).',
  '',
  `The simulation of the two-core case gives ${whole(predicted)} accepted votes a second; measured were`,
  `${whole(measuredRate)}, which is ${(measuredRate / predicted).toFixed(2)} of it.`,
  '',
  '| votes a second | viewers | vote | Redis shards | workers | result | waiting, of a minute | queue | last one counted |',
  '|---|---|---|---|---|---|---|---|---|',
  ...demands.map((demand) => {
    const plan = planFor(demand, measured);
    const cells = [
      whole(demand.votesPerSecond),
      whole(demand.viewers),
      plan.voteReplicas,
      plan.shards,
      plan.workers,
      plan.resultReplicas,
      whole(plan.waitingPerSecond * 60),
      `${(plan.queueBytes / 2 ** 30).toFixed(1)} GiB`,
      `${whole(plan.countedAfterSeconds)} s later`,
    ];
    return `| ${cells.join(' | ')} |`;
  }),
  '',
].join('\n');
await writeFile(`${folder}/capacity.md`, page);
process.stdout.write(page);

async function outcomeOf(scenario: string): Promise<Outcome> {
  return JSON.parse(await readFile(`${folder}/${scenario}.json`, 'utf8')).outcome as Outcome;
}

function costOf({ costs: known }: Outcome, process: string): number {
  return known?.[process] ?? Number.NaN;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
