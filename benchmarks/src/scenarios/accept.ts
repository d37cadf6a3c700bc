import type { Measure, Scenario } from '../scenario.ts';
import { startCeiling } from '../stage/program.ts';
import { processorSeconds, startReady } from '../stage/services.ts';
import { countedIn, drained, expectCounted, postgresFor, redisFor } from '../stage/stores.ts';
import { type LoadReport, letVote } from '../stage/voters.ts';

const warmUpSeconds = 2;

export const accept = accepting('accept', { connections: 64, atLeast: 0.58 });
export const acceptMany = accepting('accept-256', { connections: 256, atLeast: 0.65 });

/**
 * One vote service before a Redis that has every vote on disk before the voter is told.
 *
 * @param atLeast the share of the bare server's votes that is the goal
 */
function accepting(
  name: string,
  { connections, atLeast }: { readonly connections: number; readonly atLeast: number },
): Scenario {
  return {
    name,
    measures: `durably accepted votes a second: one vote process, ${connections} keep-alive connections, half of the votes from new voters`,
    ceiling: 'a bare node:http server that reads the same body and answers',

    async run({ rounds, seconds, target }, say) {
      await using stage = new AsyncDisposableStack();
      const bare = stage.use(await startCeiling('bare-http.ts'));
      const bareAddress = `http://127.0.0.1:${bare.port}/`;
      const load = { seconds, connections };
      if (target !== undefined) {
        const { ours, ceiling } = await alternate(rounds, load, target, bareAddress, say);
        const totals = 'not checked: the target is not ours';
        return { measures: measuresOf(ours, ceiling, atLeast), totals, notes: [`measured: ${target.host}`] };
      }

      const redis = await redisFor(stage);
      const vote = stage.use(await startReady('vote', { REDIS_URL: redis.url }));
      const before = await processorSeconds(vote);
      const redisBefore = await redisProcessorSeconds(redis.client);
      const { ours, ceiling, all } = await alternate(rounds, load, new URL(vote.address), bareAddress, say);
      const votes = all.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
      const cost = {
        vote: (await processorSeconds(vote)) - before,
        redis: (await redisProcessorSeconds(redis.client)) - redisBefore,
        load: all.reduce((sum, report) => sum + report.processorSeconds, 0),
      };

      const postgres = await postgresFor(stage);
      stage.use(await startReady('worker', { REDIS_URL: redis.url, DATABASE_URL: postgres.url }));
      await drained(redis.client);
      const totals = expectCounted(
        await countedIn(postgres.url),
        all.map(({ ledger }) => ledger),
      );
      const costs = Object.fromEntries(
        Object.entries(cost).map(([name, spent]) => [name, Number(((spent / votes) * 1e6).toFixed(1))]),
      );
      return { measures: measuresOf(ours, ceiling, atLeast), totals, notes: [], costs };
    },
  };
}

async function alternate(
  rounds: number,
  load: Readonly<Record<string, number>>,
  ownAddress: URL,
  bareAddress: string,
  say: (progress: string) => void,
) {
  const ours: LoadReport[] = [];
  const ceiling: LoadReport[] = [];
  await letVote(bareAddress, { ...load, seconds: warmUpSeconds });
  const warmUp = await letVote(ownAddress, { ...load, seconds: warmUpSeconds });
  for (let round = 1; round <= rounds; round++) {
    const bare = await letVote(bareAddress, load);
    const own = await letVote(ownAddress, load);
    ceiling.push(bare);
    ours.push(own);
    say(`round ${round}: ${rate(own).toFixed(0)} of ${rate(bare).toFixed(0)} a second`);
  }
  return { ours, ceiling, all: [warmUp, ...ours] };
}

function measuresOf(ours: readonly LoadReport[], ceiling: readonly LoadReport[], atLeast: number): Measure[] {
  return [
    {
      what: 'accepted votes',
      unit: 'a second',
      ours: ours.map(rate),
      ceiling: ceiling.map(rate),
      goal: { of: 'ratio', atLeast },
    },
    {
      what: 'answer time, 99th percentile',
      unit: 'ms',
      ours: ours.map(({ p99 }) => p99),
      ceiling: ceiling.map(({ p99 }) => p99),
      goal: { of: 'ratio', atMost: 3 },
    },
  ];
}

function rate({ acknowledged, seconds }: LoadReport): number {
  return acknowledged / seconds;
}

async function redisProcessorSeconds(client: { info(section: string): Promise<string> }): Promise<number> {
  const info = await client.info('cpu');
  const spent = [...info.matchAll(/^used_cpu_(?:sys|user):([\d.]+)/gm)];
  return spent.reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}
