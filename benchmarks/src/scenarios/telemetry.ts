import { foundStreamsAt } from '../../../tests/servers/founded-streams.ts';
import type { Measure, Scenario } from '../scenario.ts';
import { startCeiling } from '../stage/program.ts';
import { processorSeconds, startReady } from '../stage/services.ts';
import { redisFor } from '../stage/stores.ts';
import { letVote } from '../stage/voters.ts';

const warmUpSeconds = 5;

/** A vote service to let vote, and how to ask what processor time it has used. */
interface Candidate {
  readonly address: string;
  spent(): Promise<number>;
}

interface Round {
  readonly rate: number;
  /** Processor time of the service for a vote, in microseconds. */
  readonly cost: number;
}

interface Pair {
  readonly what: string;
  readonly bare: Candidate;
  readonly watched: Candidate;
  readonly ours: Round[];
  readonly ceiling: Round[];
}

/** What it costs to watch: metrics, and traces of some and of all votes. */
export const telemetry: Scenario = {
  name: 'telemetry',
  measures:
    'durably accepted votes a second, and processor time a vote, with metrics and with traces of every hundredth vote and of all',
  ceiling: 'the same vote service without metrics and traces',

  async run({ rounds, seconds }, say) {
    await using stage = new AsyncDisposableStack();
    const redis = await redisFor(stage);
    const store = { REDIS_URL: redis.url };
    const collector = stage.use(await startCeiling('collector.ts'));
    const traced = { ...store, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}` };
    const everyHundredth = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.01' };
    const services = {
      metrics: stage.use(await startReady('vote', store)),
      'metrics, and traces of every hundredth vote': stage.use(
        await startReady('vote', { ...traced, ...everyHundredth }),
      ),
      'metrics, and traces of all votes': stage.use(await startReady('vote', traced)),
    };
    const pairs: Pair[] = [];
    for (const [what, service] of Object.entries(services)) {
      // each with a counterpart of its own, which has had as many votes when they are compared
      const bare = unwatched(stage.use(await startCeiling('unwatched-vote.ts', store)).port);
      const watched = { address: service.address, spent: () => processorSeconds(service) };
      await vote(bare, warmUpSeconds);
      await vote(watched, warmUpSeconds);
      pairs.push({ what, bare, watched, ours: [], ceiling: [] });
    }
    for (let round = 1; round <= rounds; round++) {
      for (const { what, bare, watched, ...rounds } of pairs) {
        rounds.ceiling.push(await vote(bare, seconds));
        rounds.ours.push(await vote(watched, seconds));
        await redis.client.flushAll();
        await foundStreamsAt(redis.url);
        say(
          `round ${round}, ${what}: ${figures(rounds.ours.at(-1))}; without: ${figures(rounds.ceiling.at(-1))}`,
        );
      }
    }
    return {
      measures: pairs.flatMap(({ what, ours, ceiling }) => measuresOf(what, ours, ceiling)),
      totals: 'not counted here: the scenario "accept" does',
      notes: [],
    };
  },
};

function unwatched(port: number): Candidate {
  const address = `http://127.0.0.1:${port}/`;
  return { address, spent: async () => Number(await (await fetch(`${address}processor-seconds`)).text()) };
}

async function vote({ address, spent }: Candidate, seconds: number): Promise<Round> {
  const before = await spent();
  const { acknowledged, seconds: took } = await letVote(address, { seconds });
  return { rate: acknowledged / took, cost: (((await spent()) - before) / acknowledged) * 1e6 };
}

function measuresOf(what: string, ours: readonly Round[], ceiling: readonly Round[]): Measure[] {
  return [
    {
      what: `accepted votes, ${what}`,
      unit: 'a second',
      ours: ours.map(({ rate }) => rate),
      ceiling: ceiling.map(({ rate }) => rate),
      ...(what === 'metrics' ? { goal: { of: 'ratio', atLeast: 0.97 } } : {}),
    },
    {
      what: `processor time, ${what}`,
      unit: 'µs a vote',
      ours: ours.map(({ cost }) => cost),
      ceiling: ceiling.map(({ cost }) => cost),
    },
  ];
}

function figures(round: Round | undefined): string {
  return `${round?.rate.toFixed(0)} a second at ${round?.cost.toFixed(1)} µs`;
}
