import type { Measure, Scenario } from '../scenario.ts';
import { startCeiling } from '../stage/program.ts';
import { startReady } from '../stage/services.ts';
import { countedIn, drained, expectCounted, postgresFor, redisFor } from '../stage/stores.ts';
import { type LoadReport, letVote } from '../stage/voters.ts';

const connections = 256;
const warmUpSeconds = 2;
/** Of its own maximum, which each round measures first. */
const shares = [0.3, 0.5, 0.7, 0.85] as const;
/** The share that has a goal, and its whole curve in the table. */
const judged = 0.7;

type Curve = ReadonlyMap<number, LoadReport>;

/**
 * How long voters wait when votes come at a fixed rate, whether or not those before are answered: a vote's time
 * runs from when it was due, so a service that stands still for a moment pays for everybody who came meanwhile.
 */
export const openLoop: Scenario = {
  name: 'open-loop',
  measures: `answer times at fixed rates, shares of the most that was accepted right before; ${connections} connections, from when a vote was due`,
  ceiling: 'a bare node:http server at the same shares of its own most',

  async run({ rounds, seconds }, say) {
    await using stage = new AsyncDisposableStack();
    const bare = stage.use(await startCeiling('bare-http.ts'));
    const redis = await redisFor(stage);
    const vote = stage.use(await startReady('vote', { REDIS_URL: redis.url }));
    const bareAddress = `http://127.0.0.1:${bare.port}/`;
    const reports: LoadReport[] = [];

    async function curveOf(address: string): Promise<Curve> {
      const most = await letVote(address, { connections, seconds });
      const curve = new Map([[1, most]]);
      for (const share of shares) {
        const rate = Math.round((most.acknowledged / most.seconds) * share);
        curve.set(share, await letVote(address, { connections, seconds, rate }));
      }
      if (address !== bareAddress) reports.push(...curve.values());
      return curve;
    }

    await letVote(bareAddress, { connections, seconds: warmUpSeconds });
    reports.push(await letVote(vote.address, { connections, seconds: warmUpSeconds }));
    const [ours, ceiling]: [Curve[], Curve[]] = [[], []];
    for (let round = 1; round <= rounds; round++) {
      ceiling.push(await curveOf(bareAddress));
      ours.push(await curveOf(vote.address));
      say(`round ${round}: ${ours.at(-1)?.get(judged)?.p99.toFixed(1)} ms at ${judged * 100}%`);
    }

    const postgres = await postgresFor(stage);
    stage.use(await startReady('worker', { REDIS_URL: redis.url, DATABASE_URL: postgres.url }));
    await drained(redis.client);
    const totals = expectCounted(
      await countedIn(postgres.url),
      reports.map(({ ledger }) => ledger),
    );
    return { measures: measuresOf(ours, ceiling), totals, notes: [] };
  },
};

function measuresOf(ours: readonly Curve[], ceiling: readonly Curve[]): Measure[] {
  const measure = (share: number, percentile: 'p50' | 'p99' | 'p999', inWords: string): Measure => {
    const at = (curve: Curve) => curve.get(share)?.[percentile] ?? Number.NaN;
    return {
      what: `answer time at ${share * 100}%, ${inWords}`,
      unit: 'ms',
      ours: ours.map(at),
      ceiling: ceiling.map(at),
      ...(share === judged && percentile === 'p99' && { goal: { of: 'value', atMost: 5 } }),
    };
  };
  return shares.flatMap((share) =>
    share === judged
      ? [
          measure(share, 'p50', 'median'),
          measure(share, 'p99', '99th percentile'),
          measure(share, 'p999', '99.9th percentile'),
        ]
      : [measure(share, 'p99', '99th percentile')],
  );
}
